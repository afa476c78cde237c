"""Webhooks: to which addresses the events of a domain's rooms are sent, and how one is sent."""
