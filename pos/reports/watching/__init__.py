"""What machines that watch the shop are told: readiness, and figures over time."""
