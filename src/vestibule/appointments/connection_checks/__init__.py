"""What people's pages found when they tried whether calls work from where they are."""
