"""A complete client of Daily: each appointment always has the room that its state asks for."""
