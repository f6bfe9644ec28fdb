"""The deeds of the shop: each takes values and a database session, never a request."""
