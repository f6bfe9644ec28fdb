"""The screens of a manager."""
