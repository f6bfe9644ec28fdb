"""KHQR POS."""
