"""What a customer sees and does in running calls over the REST API (reference 5.10, 7.1)."""
