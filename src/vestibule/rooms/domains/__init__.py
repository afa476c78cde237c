"""Domains: who owns rooms, and the keys that speak for them."""
