"""The screens at the counter: the till, its drawer, the customer's display."""
