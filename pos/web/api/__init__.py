"""What other programs ask of the shop, in JSON, by a token."""
