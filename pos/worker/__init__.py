"""Door: the timed jobs, in a process of their own."""

from flask import Flask

from pos.services.banking import opening
from pos.worker.worker import Worker

__all__ = ["Worker", "run"]


def run(app: Flask) -> None:
    """Run the timed jobs of an app until the process is told to end.

    ConfigError where an account does not fit the bank it is at.
    """
    with app.app_context():
        opening.refuse_mixed()
    Worker(app).run_until_told()
