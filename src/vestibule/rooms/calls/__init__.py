"""Live calls: who is inside, who waits, and the messages between them."""
