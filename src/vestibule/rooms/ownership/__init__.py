"""Which of several server processes keeps a live call, and how the others reach it."""
