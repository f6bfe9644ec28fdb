"""The web doors: one screen, one file, one blueprint. A door never imports another door."""
