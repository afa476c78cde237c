"""Mail about appointments, with the entry for people's calendars."""
