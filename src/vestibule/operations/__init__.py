"""What whoever runs an installation does with it, from the command line."""
