"""Recordings: what was said and shown in a call, kept as it arrives and composed afterwards."""
