"""People who sign in: users, passwords, sessions, memberships. Lies under both domains."""
