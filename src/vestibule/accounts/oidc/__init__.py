"""Signing in with an account elsewhere (OpenID Connect), if the settings say where."""
