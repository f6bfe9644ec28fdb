"""Both sides' books, open for reading: the shop's and the bank's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.eyes import look_into, look_into_file
from tests.sim import checker
from tests.sim.checker import Books

_UNBOOKED = """SELECT tran_id, till_id FROM payment WHERE lookup = ?
    AND NOT EXISTS (SELECT 1 FROM gateway_transaction m WHERE m.payment_id = payment.id)"""


@dataclass(frozen=True)
class Sides:
    """`eye` reads the shop's books, `ledger` the bank's: what the simulation's checker wants."""

    eye: Any
    ledger: sqlite3.Connection

    @classmethod
    @contextmanager
    def opened(cls, books: str, ledger: Path) -> Iterator["Sides"]:
        """Give both sides: the shop's database by its address, the bank's by its file."""
        with closing(look_into(books)) as eye, closing(look_into_file(ledger)) as other:
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
