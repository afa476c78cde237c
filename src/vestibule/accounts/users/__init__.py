"""People with an e-mail address, a password and a role in some places."""
