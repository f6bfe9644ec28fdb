"""The figures of a shift and of a day: X, Z, corrections."""
