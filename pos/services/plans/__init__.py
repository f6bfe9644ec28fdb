"""Sales that are paid in parts: their plan, charging the part that is due, releasing the money."""
