"""What happened, in an order and wording that nobody can change unseen."""
