"""People: passwords, logins, PINs."""
