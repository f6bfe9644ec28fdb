"""Sales that other programs register: their till, their shift, their payments."""
