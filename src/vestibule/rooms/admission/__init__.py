"""Who may enter a room: the one rule that every door asks."""
