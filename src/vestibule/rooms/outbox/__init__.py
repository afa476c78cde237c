"""The outbox: what happened in rooms, written down in the transaction in which it happened."""
