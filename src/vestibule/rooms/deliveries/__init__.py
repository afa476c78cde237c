"""Deliveries: each event on its way to each webhook, in order, until it arrives or is given up."""
