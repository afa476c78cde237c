"""Who cannot come back: sessions that are over, and people who were banned from a room."""
