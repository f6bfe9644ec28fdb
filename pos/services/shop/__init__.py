"""The shop itself: stores and tills, their displays, and who runs the timed jobs."""
