"""Requests of the Rooms API: how many a key may send, and what was asked."""
