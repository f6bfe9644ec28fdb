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
    s.status AS sale_status, s.amount_minor - (SELECT coalesce(sum(t.settles_minor), 0)
    FROM tender t WHERE t.sale_id = s.id AND t.taken_at <= p.made_at) AS owed, s.currency AS owed_in
    FROM gateway_transaction m JOIN payment p ON p.id = m.payment_id
    JOIN sale s ON s.id = p.sale_id"""


class Books:
    """What both sides have written, read once."""

    def __init__(self, world: World) -> None:
        eye, ledger = world.eye, world.ledger
        self.payments = _all(eye, "SELECT * FROM payment")
        self.by_lookup = {row["lookup"]: row for row in self.payments}
        self.sales = _all(eye, "SELECT * FROM sale")
        self.money = _all(eye, _MONEY)
        self.events = _all(eye, "SELECT * FROM payment_event ORDER BY id")
        self.shifts = _all(eye, "SELECT * FROM shift")
        self.tenders = _all(eye, "SELECT * FROM tender")
        self.in_cash = self._in_cash()
        self.movements = _all(eye, "SELECT * FROM cash_movement")
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

    def _in_cash(self) -> set[int]:
        """Return the sales that cash has paid to the last cent."""
        paid: Counter[int] = Counter()
        for one in self.tenders:
            paid[one["sale_id"]] += one["settles_minor"]
        return {sale["id"] for sale in self.sales if paid[sale["id"]] == sale["amount_minor"]}

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
