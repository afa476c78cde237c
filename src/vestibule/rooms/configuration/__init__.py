"""What a domain sets for all of its rooms: defaults, branding, and rules for tokens."""
