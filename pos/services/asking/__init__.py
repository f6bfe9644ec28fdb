"""Asking a gateway: when, how often within a day's budget, and the one place where it happens."""
