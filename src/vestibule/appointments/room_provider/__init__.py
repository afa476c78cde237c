"""Rooms at whoever provides them: this installation or Daily's cloud, over the same REST API."""
