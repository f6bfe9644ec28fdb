"""Reconciling: a day of the books held against the bank once more."""
