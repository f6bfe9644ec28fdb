"""Door: the timed jobs, in a process of their own."""

from flask import Flask

from pos.damage import damage_of
from pos.database import READS
from pos.errors import ConfigError
from pos.extensions import db
from pos.schema import difference
from pos.services.banking import opening
from pos.worker.worker import Worker

__all__ = ["Worker", "refuse_unfit", "run"]

WHOLE_SECONDS = 20.0
"""How long a start may be held up by reading the whole database once."""


def run(app: Flask) -> None:
    """Run the timed jobs of an app until the process is told to end.

    ConfigError where its database is damaged or of another version, or an account does not fit
    the bank it is at: nothing is begun then.
    """
    with app.app_context():
        refuse_unfit()
        opening.refuse_mixed()
    Worker(app).run_until_told()


def refuse_unfit() -> None:
    """Raise ConfigError where the database is damaged, or not the one of this program."""
    reads = db.engines[READS]
    damage = damage_of(reads, WHOLE_SECONDS)
    if damage:
        raise ConfigError(
            f"The database is damaged ({damage.splitlines()[0]}): put the last copy back, as"
            " docs/operations.md says."
        )
    told = difference(reads)
    if told:
        raise ConfigError(told)
