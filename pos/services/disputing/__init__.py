"""What customers dispute: opened, borne out by evidence, and ended by a manager's word."""
