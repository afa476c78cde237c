"""Teams: who belongs to one, and the links that invite into it."""
