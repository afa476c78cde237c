"""What the room provider tells us: stored once, applied later (A17, E7)."""
