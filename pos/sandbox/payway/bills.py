"""Bills: what a merchant asked to be paid, whether it was closed, and what went back."""

import sqlite3
from dataclasses import asdict, dataclass

from pos import clock
from pos.money import Currency, Money
from pos.sandbox.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill; instants are epoch milliseconds. `is_hold`: paid, its money is only held."""

    merchant_id: str
    tran_id: str
    currency: Currency
    amount_minor: int
    made_by: str
    payment_option: str
    is_hold: bool
    made_ms: int
    ends_ms: int
    qr: str
    md5: str
    callback_url: str | None
    return_params: str
    first_name: str
    last_name: str
    email: str
    phone: str
    closed_ms: int | None = None

    @property
    def money(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that went back to the payer of a bill."""

    amount_minor: int
    at_ms: int


class Bills:
    """Every bill and every refund, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, bill: Bill, *, again: bool) -> bool:
        """Write a bill down; False, and nothing written, if its tran_id is used and not `again`."""
        row = asdict(bill)
        with self._store.writing() as db:
            query = "SELECT 1 FROM payway_bill WHERE merchant_id = ? AND tran_id = ?"
            if not again and db.execute(query, (bill.merchant_id, bill.tran_id)).fetchone():
                return False
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO payway_bill ({', '.join(row)}) VALUES ({marks})", row)
            return True

    def with_tran_id(self, merchant_id: str, tran_id: str) -> list[Bill]:
        """Return the merchant's bills of this tran_id, oldest first: one, unless used again."""
        return self._select(
            "WHERE merchant_id = ? AND tran_id = ? ORDER BY id", merchant_id, tran_id
        )

    def by_md5(self, md5: str) -> Bill | None:
        """Return the bill whose QR has this MD5."""
        found = self._select("WHERE md5 = ?", md5)
        return found[0] if found else None

    def of_merchant(self, merchant_id: str) -> list[Bill]:
        """Return the merchant's bills, oldest first."""
        return self._select("WHERE merchant_id = ? ORDER BY id", merchant_id)

    def all(self) -> list[Bill]:
        """Return every bill, oldest first."""
        return self._select("ORDER BY id")

    def close(self, bill: Bill) -> None:
        """Take no more money for the bill; closing twice changes nothing."""
        with self._store.writing() as db:
            query = "UPDATE payway_bill SET closed_ms = ? WHERE md5 = ? AND closed_ms IS NULL"
            db.execute(query, (clock.epoch_ms(clock.now()), bill.md5))

    def refund(self, bill: Bill, minor: int, paid_minor: int) -> bool:
        """Give so much back; False, and nothing given, if less than that is left."""
        with self._store.writing() as db:
            query = "SELECT COALESCE(SUM(amount_minor), 0) FROM payway_refund WHERE md5 = ?"
            if db.execute(query, (bill.md5,)).fetchone()[0] + minor > paid_minor:
                return False
            row = (bill.md5, minor, clock.epoch_ms(clock.now()))
            db.execute("INSERT INTO payway_refund (md5, amount_minor, at_ms) VALUES (?, ?, ?)", row)
            return True

    def refunds(self, bill: Bill) -> list[Refund]:
        """Return what was given back of the bill, oldest first."""
        with self._store.reading() as db:
            query = "SELECT amount_minor, at_ms FROM payway_refund WHERE md5 = ? ORDER BY id"
            return [Refund(*row) for row in db.execute(query, (bill.md5,))]

    def _select(self, rest: str, *values: str) -> list[Bill]:
        with self._store.reading() as db:
            return [_bill(row) for row in db.execute(f"SELECT * FROM payway_bill {rest}", values)]


def _bill(row: sqlite3.Row) -> Bill:
    fields = {name: row[name] for name in row.keys() if name != "id"}
    fields["currency"] = Currency(fields["currency"])
    fields["is_hold"] = bool(fields["is_hold"])
    return Bill(**fields)
