"""Selling: from an amount typed to a QR on the screen or cash in the drawer."""
