"""What the books and the bank say after a crash, read from outside with SQL of its own."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.eyes import look_into, look_into_file
from tests.sim import checker
from tests.sim.watch import Watch

_FATE = """SELECT p.status, s.status AS sale, p.paid_shift_id,
    (SELECT count(*) FROM gateway_transaction m WHERE m.settles_sale_id = s.id) AS settled,
    (SELECT count(*) FROM gateway_transaction m WHERE m.payment_id = p.id) AS booked,
    (SELECT count(*) FROM payment_event e WHERE e.payment_id = p.id AND e.new = 'paid') AS events
    FROM payment p JOIN sale s ON s.id = p.sale_id WHERE p.id = ?"""


class Witness:
    """Reads both sides. `forms` are the sales that each form was told of, by its key."""

    def __init__(self, database: str, ledger: Path) -> None:
        self.eye = look_into(database)
        self.ledger = look_into_file(ledger)
        self.forms: dict[str, set[int]] = {}
        self._watch = Watch(self)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of both."""
        self.eye.close()
        self.ledger.close()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return [tuple(dict(row).values()) for row in self.eye.execute(query, values).fetchall()]

    def fate(self, payment_id: int) -> dict[str, Any]:
        """Return everything that settling a payment changes."""
        ((found),) = self.eye.execute(_FATE, (payment_id,)).fetchall()
        return dict(found)

    def sales_of(self, key: str) -> list[int]:
        """Return the sales that came of one form."""
        return [sale for (sale,) in self.rows("SELECT id FROM sale WHERE key = ?", key)]

    def numbers(self, till_id: int) -> list[int]:
        """Return the numbers of a till's reports in the order in which they were written."""
        query = "SELECT number FROM z_report WHERE till_id = ? ORDER BY id"
        return [number for (number,) in self.rows(query, till_id)]

    def look(self, after: str) -> None:
        """Note what may never change again, and what is wrong already."""
        self._watch.look(after)

    def wrong(self) -> list[str]:
        """Return every invariant of the books that is broken; all shifts must be closed."""
        people = SimpleNamespace(forms=self.forms)
        return checker.check(checker.Books(self), people, self._watch)  # type: ignore[arg-type]
