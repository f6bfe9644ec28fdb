"""What other programs do here: their tokens, and that a deed sent twice is done once."""
