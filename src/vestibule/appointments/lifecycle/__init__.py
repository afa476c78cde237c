"""Appointments: booked, moved through their statuses, listed and deleted."""
