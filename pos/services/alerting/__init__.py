"""What is wrong, who is told of it, and the outbox that the messages leave from."""
