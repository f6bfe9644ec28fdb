"""Refunds through a gateway: wished for, sent once, looked after."""
