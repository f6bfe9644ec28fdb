"""Who comes in: people who log in, gateways that post, monitors that look."""
