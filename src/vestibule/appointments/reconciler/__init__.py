"""Keeps each appointment's room as the appointment's status says it should be."""
