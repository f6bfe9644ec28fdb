"""Shifts and drawers: opened, counted, closed with a numbered report, corrected later."""
