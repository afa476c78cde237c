"""Requests that are carried out once, however often they are sent (`Idempotency-Key`)."""
