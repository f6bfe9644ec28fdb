"""The drawers in a soak's verdict: what went over the counters against what the shop wrote."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pos.cash import Cash
from pos.money import Currency, Money
from tests.sim.books import Books
from tests.soak.witness import Witness

SIDES = ("usd", "khr")


def wrong(books: Books, witness: Witness) -> Iterator[str]:
    """Say where books or reports differ from what the cashiers gave, got and counted."""
    rows = {one["key"]: one for one in books.tenders}
    for form in {*rows, *witness.cash}:
        if _told(rows.get(form)) != _seen(witness, form):
            yield f"I5 cash of {form}: {_told(rows.get(form))}, not {_seen(witness, form)}"
    for row, body in books.reports:
        told = _lines(body, "expected"), _lines(body, "counted"), bool(body["cash"]["over_reason"])
        seen = witness.drawers.get(row["shift_id"])
        if seen is None or told != (seen.held, seen.counted, seen.by_manager):
            yield f"I5 the drawer of shift {row['shift_id']}: {told}, not {seen}"
    by_hand = Counter(one.shift_id for one in witness.cash.values())
    for row, body in books.reports:
        count = sum(one["count"] for one in body["cash"]["totals"])
        if count != by_hand[row["shift_id"]]:
            yield f"I5 shift {row['shift_id']}: {count} cash sales, not {by_hand[row['shift_id']]}"


def paid_in_cash(books: Books) -> set[int]:
    """Return the sales that cash has paid to the last cent."""
    paid: Counter[int] = Counter()
    for one in books.tenders:
        paid[one["sale_id"]] += one["settles_minor"]
    return {sale["id"] for sale in books.sales if paid[sale["id"]] == sale["amount_minor"]}


def _told(row: Any) -> tuple[int, Cash, Cash] | None:
    if row is None:
        return None
    given, change = (Cash(*(row[f"{way}_{side}_minor"] for side in SIDES)) for way in WAYS)
    return row["shift_id"], given, change


WAYS = ("given", "change")


def _seen(witness: Witness, form: str) -> tuple[int, Cash, Cash] | None:
    taken = witness.cash.get(form)
    return (taken.shift_id, taken.given, taken.change) if taken else None


def _lines(body: Any, name: str) -> Cash:
    """Return one figure of a report's drawer; nothing counted is nothing in it."""
    return Cash(*((line[name] or {"minor": 0})["minor"] for line in body["cash"]["lines"]))


def differences(books: Books, witness: Witness) -> list[tuple[str, str]]:
    """Return what must be nothing: the drawers by the reports against those of the cashiers."""
    off: Counter[Currency] = Counter()
    for row, body in books.reports:
        seen = witness.drawers.get(row["shift_id"])
        told = _lines(body, "expected") - (seen.held if seen else Cash())
        off.update({Currency.USD: told.usd, Currency.KHR: told.khr})
    return [
        (f"drawers against what cashiers saw, {one}", _plain(off[one], one)) for one in Currency
    ]


def _plain(minor: int, currency: Currency) -> str:
    return f"{'-' * (minor < 0)}{Money(abs(minor), currency).decimal}" if minor else "0"
