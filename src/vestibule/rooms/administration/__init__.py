"""What the owners of a domain do in the console: keys, people, settings and webhooks."""
