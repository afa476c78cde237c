"""A complete stand-in for Daily: rooms, meeting tokens, admission, live calls."""
