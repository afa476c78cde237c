"""The links that people get: ours, one per person and appointment, true for life."""
