"""Accounts at gateways: set up, looked over, and what gateways post to us."""
