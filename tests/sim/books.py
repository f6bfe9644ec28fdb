"""What both sides have written, the shop and the bank, read once with SQL of its own."""

import json
import sqlite3
from collections import Counter
from typing import Any

from tests.sim.decided import Decided
from tests.sim.world import World

GRACE_MS = 10_000

Row = Any

_MONEY = """SELECT m.*, p.lookup, p.tran_id, p.sale_id, p.expires_at, p.paid_shift_id, p.remark,
    m.paid_at < p.made_at - 600000 AS is_odd,
    s.status AS sale_status, s.amount_minor AS full, s.currency AS owed_in
    FROM gateway_transaction m JOIN payment p ON p.id = m.payment_id
    JOIN sale s ON s.id = p.sale_id"""


class Books:
    """What both sides have written, read once."""

    def __init__(self, world: World) -> None:
        eye, ledger = world.eye, world.ledger
        self.payments = _all(eye, "SELECT * FROM payment")
        self.by_lookup = {row["lookup"]: row for row in self.payments}
        self.sales = _all(eye, "SELECT * FROM sale")
        self.events = _all(eye, "SELECT * FROM payment_event ORDER BY id")
        self.shifts = _all(eye, "SELECT * FROM shift")
        self.tenders = _all(eye, "SELECT * FROM tender ORDER BY id")
        self.movements = _all(eye, "SELECT * FROM cash_movement")
        self.counts = _all(eye, "SELECT * FROM cash_count ORDER BY id")
        self.rates = {row["id"]: row for row in _all(eye, "SELECT * FROM exchange_rate")}
        self.sale = {row["id"]: row for row in self.sales}
        self.cash_of = Counter[int]()
        for row in self.tenders:
            self.cash_of[row["sale_id"]] += row["settles_minor"]
        self.money: list[Row] = [
            {**dict(row), "owed": self._by_qr(row["sale_id"])} for row in _all(eye, _MONEY)
        ]
        decisions = _all(eye, "SELECT * FROM resolution ORDER BY id")
        self.decided = Decided(decisions, _all(eye, "SELECT * FROM mark"))
        reports = _all(eye, "SELECT * FROM z_report ORDER BY till_id, id")
        self.reports = [(row, json.loads(row["body"])) for row in reports]
        self.transfers = _all(ledger, "SELECT * FROM transfer WHERE NOT is_failed ORDER BY id")
        self.by_hash = {row["hash"]: row for row in self.transfers}
        shown: dict[str, Row] = {}
        for row in self.transfers:
            shown.setdefault(row["md5"], row)
        # Of two transfers on one QR the bank only ever tells of the first: the other is
        # invisible to any till, and not asked for here.
        self.shown = shown
        self.unseen = len(self.transfers) - len(shown)

    def is_paid_in_cash(self, sale_id: int) -> bool:
        """Whether cash has paid all of a sale."""
        return self.cash_of[sale_id] == self.sale[sale_id]["amount_minor"]

    def _by_qr(self, sale_id: int) -> int:
        """Return what a QR of a sale has to ask for: all that no cash had paid before it.

        Cash that paid the rest came after the QR, for which it was too late.
        """
        owed: int = self.sale[sale_id]["amount_minor"]
        for row in self.tenders:
            if row["sale_id"] == sale_id and row["settles_minor"] < owed:
                owed -= row["settles_minor"]
        return owed

    def told(self, payment: Row) -> Row | None:
        """Return the transfer that the bank tells of when it is asked about a payment."""
        return self.shown.get(payment["lookup"])

    def amount_at_bank(self, money: Row) -> int:
        """Return what the bank moved for money that the shop has booked."""
        transfer = self.by_hash.get(money["reference"])
        return transfer["amount_minor"] if transfer else 0

    def is_by_receipt(self, money: Row) -> bool:
        """Whether only a receipt can have told of this money, and nobody else's it can be.

        It is the second transfer on a QR, or came after the end of the QR that it was meant for.
        """
        transfer = self.by_hash.get(money["reference"])
        if transfer is None:
            return False
        is_second = self.shown[transfer["md5"]]["hash"] != transfer["hash"]
        return is_second or (transfer["md5"] != money["lookup"] and self._is_late(transfer))

    def _is_late(self, transfer: Row) -> bool:
        meant = self.by_lookup[transfer["md5"]]
        given_up = meant["status"] in ("expired", "cancelled", "failed")
        return given_up and transfer["created_ms"] > meant["expires_at"] + GRACE_MS


def _all(connection: sqlite3.Connection, query: str) -> list[Row]:
    return connection.execute(query).fetchall()
