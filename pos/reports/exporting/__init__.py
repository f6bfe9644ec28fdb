"""Tables as files for a manager."""
