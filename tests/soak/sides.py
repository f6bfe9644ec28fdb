"""Both sides' books, open for reading: the shop's and the bank's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import verified
from tests.eyes import look_into, look_into_file
from tests.sim import checker
from tests.soak.payway import BooksOfBoth


@dataclass(frozen=True)
class Sides:
    """`eye` reads the shop's books, `ledger` the bank's: what the simulation's checker wants."""

    eye: Any
    ledger: sqlite3.Connection
    address: str

    @classmethod
    @contextmanager
    def opened(cls, books: str, ledger: Path) -> Iterator["Sides"]:
        """Give both sides: the shop's database by its address, the bank's by its file."""
        with closing(look_into(books)) as eye, closing(look_into_file(ledger)) as other:
            yield cls(eye, other, books)

    def books(self) -> BooksOfBoth:
        """Return what both sides have written by now."""
        return BooksOfBoth(self)

    def damages(self) -> list[str]:
        """Return what the shop's own look finds wrong with its books."""
        return verified.damages_at(self.address)

    def undecided(self) -> list[Any]:
        """Return the payments whose last word is out."""
        return checker.undecided(self)  # type: ignore[arg-type]

    def unbooked(self) -> list[tuple[str, int]]:
        """Return the payments, and their tills, whose transfer the shop does not know yet."""
        books = self.books()
        booked = {one["payment_id"] for one in books.money}
        paid = (one for one in books.payments if one["lookup"] in books.shown)
        return [(one["tran_id"], one["till_id"]) for one in paid if one["id"] not in booked]
