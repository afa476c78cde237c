"""What staff see and do in a browser: the appointments of a day and the state of their rooms."""
