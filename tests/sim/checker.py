"""The proof: the invariants of the books, read with SQL of its own and the bank's ledger.

Nothing of the shop's code is asked. Each line of the result begins with the invariant that is
broken: I1 money lost, I2 paid without money, I3 used twice, I4 one intent two sales, I5 totals,
I6 reports, I7 given up too early, I8 backwards, I9 the history.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.factories import ACCOUNT_ID
from tests.sim.deeds import People
from tests.sim.watch import Watch
from tests.sim.world import World

WAITING = ("creating", "awaiting", "expiring", "cancel_requested")

SKEW_MS, GRACE_MS = 600_000, 10_000

Row = Any
Found = Iterator[str]

_MONEY = """SELECT m.*, p.lookup, p.tran_id, p.sale_id, p.expires_at, p.paid_shift_id,
    s.status AS sale_status, s.amount_minor AS owed, s.currency AS owed_in
    FROM gateway_transaction m JOIN payment p ON p.id = m.payment_id
    JOIN sale s ON s.id = p.sale_id"""


class Books:
    """What both sides have written, read once."""

    def __init__(self, world: World) -> None:
        eye, ledger = world.eye, world.ledger
        self.payments = _all(eye, "SELECT * FROM payment")
        self.sales = _all(eye, "SELECT * FROM sale")
        self.money = _all(eye, _MONEY)
        self.events = _all(eye, "SELECT * FROM payment_event ORDER BY id")
        self.shifts = _all(eye, "SELECT * FROM shift")
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

    def told(self, payment: Row) -> Row | None:
        """Return the transfer that the bank tells of when it is asked about a payment."""
        return self.shown.get(payment["lookup"])

    def amount_at_bank(self, money: Row) -> int:
        """Return what the bank moved for money that the shop has booked."""
        transfer = self.by_hash.get(money["reference"])
        return transfer["amount_minor"] if transfer else 0

    def is_unbelievable(self, payment: Row) -> bool:
        """Whether its money was sent long before its QR was made, by the shop's wrong clock.

        The shop then holds the answer for nonsense, by its own rule, and decides nothing.
        """
        told = self.told(payment)
        return told is not None and told["created_ms"] < payment["made_at"] - SKEW_MS


def undecided(world: World) -> list[Row]:
    """Return the payments that still wait for a word which the bank would give."""
    query = f"SELECT * FROM payment WHERE status IN {WAITING}"
    waiting = world.eye.execute(query).fetchall()
    if not waiting:
        return []
    books = Books(world)
    return [one for one in waiting if not books.is_unbelievable(one)]


def asked_again_at(payment: Row) -> datetime:
    """Return when the shop will ask about a payment again, when the answer can decide.

    That is after its QR is over, and after its last change by a clock that was set back since.
    """
    over = payment["expires_at"] + GRACE_MS if payment["status"] != "cancel_requested" else 0
    latest = max(over, payment["next_check_at"] or 0, payment["changed_at"])
    return datetime.fromtimestamp(latest / 1000, UTC)


def unreported(world: World, till_id: int) -> bool:
    """Return whether money came to a till that none of its reports tells of so far."""
    query = """SELECT 1 FROM gateway_transaction m JOIN payment p ON p.id = m.payment_id
        WHERE p.till_id = ? AND NOT EXISTS (SELECT 1 FROM z_report z
        WHERE z.till_id = p.till_id AND instr(z.body, p.tran_id))"""
    return world.eye.execute(query, (till_id,)).fetchone() is not None


def check(books: Books, people: People, watch: Watch) -> list[str]:
    """Return everything that is wrong with the books, in words; nothing if they are right."""
    watch.seen.update(unseen=books.unseen, transfers=len(books.transfers))
    watch.seen.update(unbelieved=sum(map(books.is_unbelievable, books.payments)))
    watch.seen.update(f"is {one['status']}+{one['remark'] or ''}" for one in books.payments)
    return [
        *watch.wrong,
        *_money_is_booked(books),
        *_paid_is_proven(books),
        *_intents(books, people),
        *_totals(books),
        *_reports(books, watch),
        *_history(books),
    ]


def _money_is_booked(books: Books) -> Found:
    for payment in books.payments:
        told = books.told(payment)
        booked = [one for one in books.money if one["payment_id"] == payment["id"]]
        if told is None or books.is_unbelievable(payment):
            if booked and told is None:
                yield f"I2 payment {payment['id']} has money that the bank never had"
        elif [_facts(one) for one in booked] != [_truth(told)]:
            rows = f"{len(booked)} rows for a transfer"
            yield f"I1 payment {payment['id']} ({payment['status']}): {rows}"
    for one, times in Counter(row["reference"] for row in books.money).items():
        if times > 1 or one not in books.by_hash:
            yield f"I3 transfer {one[:8]} is booked {times} times"


def _facts(money: Row) -> tuple[Any, ...]:
    return (
        *(money["reference"], money["lookup"], money["amount_minor"], money["currency"]),
        *(money["receiver"], money["paid_at"]),
    )


def _truth(transfer: Row) -> tuple[Any, ...]:
    return (
        *(transfer["hash"], transfer["md5"], transfer["amount_minor"], transfer["currency"]),
        *(transfer["to_account"], transfer["created_ms"]),
    )


def _paid_is_proven(books: Books) -> Found:
    settled = Counter(one["settles_sale_id"] for one in books.money)
    for sale in books.sales:
        if settled[sale["id"]] != (sale["status"] == "paid"):
            yield f"I2 sale {sale['id']} is {sale['status']}, settled {settled[sale['id']]} times"
    for one in books.money:
        if one["settles_sale_id"] is not None and not _fits(one):
            yield f"I2 sale {one['sale_id']} is paid by money that does not fit"
        if one["settles_sale_id"] is None and one["sale_status"] == "open" and _fits(one):
            yield f"I1 sale {one['sale_id']} is open, though money that fits came in time"
    proven = {one["payment_id"] for one in books.money if _is_right(one)}
    for payment in books.payments:
        if payment["status"] == "paid" and payment["id"] not in proven:
            yield f"I2 payment {payment['id']} is paid without its money"


def _is_right(money: Row) -> bool:
    wanted = (money["owed"], money["owed_in"], ACCOUNT_ID)
    return (money["amount_minor"], money["currency"], money["receiver"]) == wanted


def _fits(money: Row) -> bool:
    sent = min(money["paid_at"], money["recorded_at"])
    is_own = money["settles_sale_id"] in (None, money["sale_id"])
    return is_own and _is_right(money) and sent <= money["expires_at"] + GRACE_MS


def _intents(books: Books, people: People) -> Found:
    made = {sale["key"]: sale["id"] for sale in books.sales}
    if len(made) != len(books.sales):
        yield "I4 two sales came of one form"
    for form, told in people.forms.items():
        if told - {made.get(form)}:
            yield f"I4 {form} was told of sales {told}, the books have {made.get(form)}"


def _totals(books: Books) -> Found:
    for row, body in books.reports:
        sums: Counter[str] = Counter()
        for one in books.money:
            if one["paid_shift_id"] == row["shift_id"] and one["settles_sale_id"]:
                sums[one["currency"]] += books.amount_at_bank(one)
        told = {one["currency"]: one["amount"]["minor"] for one in body["totals"]}
        if told != dict(sums):
            yield f"I5 Z {row['number']} says {told}, the bank {dict(sums)}"
    lines = Counter(line["tran_id"] for _, body in books.reports for line in body["payments"])
    listed = {line["tran_id"] for _, body in books.reports for line in body["exceptions"]}
    for one in books.money:
        if one["settles_sale_id"] and lines[one["tran_id"]] != 1:
            yield f"I5 {one['tran_id']} is in the totals of {lines[one['tran_id']]} reports"
        if not one["settles_sale_id"] and one["tran_id"] not in listed:
            yield f"I1 {one['tran_id']} needs a person, and no report says so"


def _reports(books: Books, watch: Watch) -> Found:
    if watch.changed_reports():
        yield f"I6 reports {watch.changed_reports()} were changed"
    by_till: dict[int, list[int]] = {}
    for row, body in books.reports:
        by_till.setdefault(row["till_id"], []).append(row["number"])
        if body["number"] != row["number"]:
            yield f"I6 Z {row['number']} calls itself {body['number']}"
    for till, numbers in by_till.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"I6 till {till} has the reports {numbers}"
    if len(books.reports) != len(books.shifts):
        yield f"I6 {len(books.shifts)} shifts ended with {len(books.reports)} reports"


def _history(books: Books) -> Found:
    stand = {payment["id"]: "creating" for payment in books.payments}
    for event in books.events:
        payment, old, new = event["payment_id"], event["old"], event["new"]
        if old != stand[payment] or (old == new) != (event["name"] == "late_money"):
            yield f"I9 payment {payment}: {old} to {new} after {stand[payment]}"
        if old == "paid" and new != "paid":
            yield f"I8 payment {payment} was paid and became {new}"
        stand[payment] = new
    for payment in books.payments:
        if stand[payment["id"]] != payment["status"]:
            yield f"I9 payment {payment['id']} is {payment['status']} without an event"
    late = Counter(one["payment_id"] for one in books.events if one["name"] == "late_money")
    money = Counter(one["payment_id"] for one in books.money)
    for payment in books.payments:
        if late[payment["id"]] > money[payment["id"]]:
            yield f"I9 payment {payment['id']} tells twice of one transfer"


def _all(connection: sqlite3.Connection, query: str) -> list[Row]:
    return connection.execute(query).fetchall()
