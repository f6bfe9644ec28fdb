"""Figures: frozen values read from the books; nothing here writes.

Services may use a figure when they write it down for good; a figure never uses a service.
"""
