"""What the till and the customer's display show."""
