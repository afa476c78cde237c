"""The keys of room providers: set and read by administrators, and never shown whole again (A21)."""
