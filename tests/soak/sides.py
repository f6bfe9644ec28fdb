"""Both sides' books, open for reading: the shop's and the bank's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sim import checker
from tests.sim.checker import Books

_UNBOOKED = """SELECT tran_id, till_id FROM payment WHERE lookup = ?
    AND NOT EXISTS (SELECT 1 FROM gateway_transaction m WHERE m.payment_id = payment.id)"""


@dataclass(frozen=True)
class Sides:
    """`eye` reads the shop's books, `ledger` the bank's: what the simulation's checker wants."""

    eye: sqlite3.Connection
    ledger: sqlite3.Connection

    @classmethod
    @contextmanager
    def opened(cls, books: Path, ledger: Path) -> Iterator["Sides"]:
        """Give both sides, to be read only."""
        with closing(_open(books)) as eye, closing(_open(ledger)) as other:
            yield cls(eye, other)

    def books(self) -> Books:
        """Return what both sides have written by now."""
        return Books(self)  # type: ignore[arg-type]

    def undecided(self) -> list[Any]:
        """Return the payments whose last word is out."""
        return checker.undecided(self)  # type: ignore[arg-type]

    def unbooked(self) -> list[tuple[str, int]]:
        """Return the payments, and their tills, whose transfer the shop does not know yet."""
        paid = self.ledger.execute("SELECT DISTINCT md5 FROM transfer WHERE NOT is_failed")
        found = (self.eye.execute(_UNBOOKED, (row["md5"],)).fetchone() for row in paid.fetchall())
        return [(row["tran_id"], row["till_id"]) for row in found if row]


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=20)
    connection.row_factory = sqlite3.Row
    return connection
