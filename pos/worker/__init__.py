"""Door: the timed jobs, in a process of their own."""

from flask import Flask

from pos.worker.worker import Worker

__all__ = ["Worker", "run"]


def run(app: Flask) -> None:
    """Run the timed jobs of an app until the process is told to end."""
    Worker(app).run_until_told()
