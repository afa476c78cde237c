"""Rooms as they are defined over the Rooms API: names, privacy, properties, life and end."""
