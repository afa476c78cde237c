"""Meeting sessions and who was in them: written as people come and go, read over REST."""
