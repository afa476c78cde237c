""" "Why can't she join?": every check on the way into a call, with the fix for what fails."""
