"""Settling: the one writer of a payment, and what money that arrives does to it."""
