"""The proof: the invariants of the books, read with SQL of its own and the bank's ledger.

Nothing of the shop's code is asked. Each line of the result begins with the invariant that is
broken: I1 money lost, I2 paid without money, I3 used twice, I4 one intent two sales, I5 totals,
I6 reports, I7 given up too early, I8 backwards, I9 the history.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.factories import ACCOUNT_ID
from tests.sim import drawers
from tests.sim.books import GRACE_MS, Books, Row
from tests.sim.decided import is_silent
from tests.sim.deeds import People
from tests.sim.purse import Purse
from tests.sim.watch import Watch
from tests.sim.world import World

WAITING = ("creating", "awaiting", "expiring", "cancel_requested")


SETTLED_BY_NOBODY = ("odd_time", "duplicate")
"""Remarks of payments whose money, right as it looks, waits for a person."""

Found = Iterator[str]


def undecided(world: World) -> list[Row]:
    """Return the payments that still wait for a word which the bank would give; marked ones do."""
    query = f"SELECT * FROM payment WHERE status IN {WAITING} OR remark = 'marked'"
    return world.eye.execute(query).fetchall()


def asked_again_at(payment: Row) -> datetime:
    """Return when the shop will ask about a payment again, when the answer can decide.

    That is after its QR is over, and after its last change by a clock that was set back since.
    """
    over = payment["expires_at"] + GRACE_MS if payment["status"] != "cancel_requested" else 0
    latest = max(over, payment["next_check_at"] or 0, payment["changed_at"])
    return datetime.fromtimestamp(latest / 1000, UTC)


def last_look_at(world: World) -> datetime | None:
    """Return when the last QR that was given up will be looked at; None after its look."""
    query = f"SELECT max(next_check_at) FROM payment WHERE status NOT IN {WAITING}"
    found = world.eye.execute(query).fetchone()[0]
    return datetime.fromtimestamp(found / 1000, UTC) if found else None


def unreported(world: World, till_id: int) -> bool:
    """Return whether money came to a till that none of its reports tells of so far."""
    query = """SELECT 1 FROM gateway_transaction m JOIN payment p ON p.id = m.payment_id
        WHERE p.till_id = ? AND (m.settles_sale_id IS NOT NULL AND p.paid_shift_id IS NULL
        OR NOT EXISTS (SELECT 1 FROM z_report z WHERE z.till_id = p.till_id
        AND json_extract(z.body, '$.last_money_id') >= m.id))"""
    return world.eye.execute(query, (till_id,)).fetchone() is not None


def check(books: Books, people: People, watch: Watch) -> list[str]:
    """Return everything that is wrong with the books, in words; nothing if they are right."""
    watch.seen.update(unseen=books.unseen, transfers=len(books.transfers))
    watch.seen.update(f"decided {one['kind']}" for one in books.decided.rows)
    watch.seen.update(marked=len(books.decided.marks), unconfirmed=_unconfirmed(books))
    watch.seen.update(f"moved {one['kind']}" for one in books.movements)
    watch.seen.update(split=sum(one["owed"] < one["full"] for one in books.money))
    watch.seen.update(cash=len(books.tenders), counts=len(books.counts))
    watch.seen.update(claimed=sum(map(books.is_by_receipt, books.money)))
    watch.seen.update(f"is {one['status']}+{one['remark'] or ''}" for one in books.payments)
    return [
        *watch.wrong,
        *_money_is_booked(books, watch),
        *_paid_is_proven(books),
        *_intents(books, people),
        *_totals(books),
        *drawers.check(books, getattr(people, "purse", Purse())),
        *_reports(books, watch),
        *_history(books),
        *books.decided.check(books.payments, books.events),
    ]


def _unconfirmed(books: Books) -> int:
    return sum(one["name"] == "unconfirmed" for one in books.events)


def _money_is_booked(books: Books, watch: Watch) -> Found:
    for payment in books.payments:
        told = books.told(payment)
        booked = [one for one in books.money if one["payment_id"] == payment["id"]]
        # What a customer's receipt has told of, beside what the QR tells of.
        plain = [one for one in booked if not books.is_by_receipt(one)]
        used = {one["reference"]: one for one in books.money if one["payment_id"] != payment["id"]}
        if told is not None and told["hash"] in used and books.is_by_receipt(used[told["hash"]]):
            told = None
        if told is None:
            if plain:
                yield f"I2 payment {payment['id']} has money that the bank never had"
        elif booked and not plain:
            # Paid by what a receipt told of, so nobody asked about its own QR any more.
            watch.seen["paid by a receipt"] += 1
        elif [_facts(one) for one in plain] != [_truth(told, plain)]:
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


def _truth(transfer: Row, booked: list[Row]) -> tuple[Any, ...]:
    """Return what should be booked; a time that the bank told wrong is only ever kept as odd."""
    odd = [one["paid_at"] for one in booked if one["is_odd"]]
    return (
        *(transfer["hash"], transfer["md5"], transfer["amount_minor"], transfer["currency"]),
        *(transfer["to_account"], odd[0] if odd else transfer["created_ms"]),
    )


def _paid_is_proven(books: Books) -> Found:
    settled = Counter(one["settles_sale_id"] for one in books.money)
    marked = {one["sale_id"] for one in books.payments if one["id"] in books.decided.marked}
    for sale in books.sales:
        if sale["id"] in marked and settled[sale["id"]] == 0 and sale["status"] == "paid":
            continue
        by_cash = books.is_paid_in_cash(sale["id"])
        if settled[sale["id"]] + by_cash != (sale["status"] == "paid"):
            yield f"I2 sale {sale['id']} is {sale['status']}, settled {settled[sale['id']]} times"
    for one in books.money:
        # A manager let it settle, or called the sale paid before; then it may come late.
        by_hand = one["payment_id"] in books.decided.marked and _is_right(one)
        if one["id"] in books.decided.accepted or by_hand:
            continue
        if one["settles_sale_id"] is not None and not _fits(one):
            yield f"I2 sale {one['sale_id']} is paid by money that does not fit"
        is_open = one["sale_status"] == "open" and one["remark"] not in SETTLED_BY_NOBODY
        if one["settles_sale_id"] is None and is_open and _fits(one):
            yield f"I1 sale {one['sale_id']} is open, though money that fits came in time"
    accepted = books.decided.accepted
    right = {one["payment_id"] for one in books.money if _is_right(one) or one["id"] in accepted}
    proven = right | books.decided.marked
    for payment in books.payments:
        if payment["status"] == "paid" and payment["id"] not in proven:
            yield f"I2 payment {payment['id']} is paid without its money"


def _is_right(money: Row) -> bool:
    wanted = (money["owed"], money["owed_in"], ACCOUNT_ID)
    return (money["amount_minor"], money["currency"], money["receiver"]) == wanted


def _fits(money: Row) -> bool:
    sent = min(money["paid_at"], money["recorded_at"])
    if money["is_odd"]:
        return False
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
        if old != stand[payment] or (old == new) != is_silent(event):
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
