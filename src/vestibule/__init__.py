"""Vestibule: private video appointments on your own servers, speaking Daily's API."""
