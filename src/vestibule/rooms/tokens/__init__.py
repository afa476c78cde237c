"""Meeting tokens: signed, stateless rights to join."""
