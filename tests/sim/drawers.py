"""The drawers, reckoned from what changed hands and from bare rows, against what reports say.

Nothing of the shop's own reckoning is asked: every note that was given, handed back, put in or
taken out is known to the purse, and a report's figures are summed from those anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pos.cash import Cash
from tests.sim.purse import Form, Purse

Found = Iterator[str]
Row = Any

LARGEST_ROUNDING = 50
"""Riel: half of the smallest note."""


def held_in(eye: sqlite3.Connection, purse: Purse, shift_id: int) -> Cash:
    """Return the notes that lie in the drawer of a shift."""
    tenders = eye.execute("SELECT * FROM tender WHERE shift_id = ?", (shift_id,)).fetchall()
    moves = eye.execute("SELECT * FROM cash_movement WHERE shift_id = ?", (shift_id,)).fetchall()
    shift = eye.execute("SELECT * FROM shift WHERE id = ?", (shift_id,)).fetchone()
    return sum(_flows(purse, shift, tenders, moves).values(), Cash())


def _flows(purse: Purse, shift: Row, tenders: list[Row], moves: list[Row]) -> dict[str, Cash]:
    """Sum what went in, and out below zero, by the names that a report has for it.

    What the purse does not know is taken from the row itself.
    """
    sums = dict.fromkeys(("given", "change", "refunds", "paid_in", "paid_out"), Cash())
    opening = Cash(shift["float_usd_minor"], shift["float_khr_minor"])
    sums["opening"] = purse.floats.get(shift["id"], opening)
    for row in tenders:
        form = purse.forms.get(row["key"]) or Form("sale", _given(row), 0)
        sums["given"] += form.notes
        sums["change"] -= form.back if form.back is not None else _change(row)
    for row in moves:
        form = purse.forms.get(row["key"]) or Form(row["kind"], _moved(row), 0)
        if row["kind"] == "refund":
            sums["refunds"] -= form.back if form.back is not None else _moved(row)
        elif row["kind"] != "no_sale":
            sums[row["kind"]] += form.notes if row["kind"] == "paid_in" else Cash() - form.notes
    return sums


def _change(row: Row) -> Cash:
    return Cash(row["change_usd_minor"], row["change_khr_minor"])


def _given(row: Row) -> Cash:
    return Cash(row["given_usd_minor"], row["given_khr_minor"])


def _moved(row: Row) -> Cash:
    return Cash(row["usd_minor"], row["khr_minor"])


def check(books: Any, purse: Purse) -> Found:
    """Say what is wrong with cash, in the rows and on the reports; nothing if it is right."""
    yield from _rows_are_what_happened(books, purse)
    yield from _sales_are_paid_by_their_cash(books)
    for row, body in books.reports:
        yield from _report(books, purse, row["shift_id"], body["cash"])


def _rows_are_what_happened(books: Any, purse: Purse) -> Found:
    known = Counter(row["key"] for row in (*books.tenders, *books.movements, *books.counts))
    for key, form in purse.forms.items():
        if known[key] > 1 or (form.is_told and known[key] == 0):
            yield f"I4 {key} ({form.kind}) stands in the books {known[key]} times"
    for key in known.keys() - purse.forms.keys() if purse.forms else ():
        yield f"I4 {key} stands in the books, and nobody did it"
    for row in books.tenders:
        form = purse.forms.get(row["key"]) or Form("sale", _given(row), row["shift_id"])
        told = (form.notes, form.back if form.back is not None else _change(row))
        if (_given(row), _change(row)) != told:
            yield f"I5 {row['key']}: {_given(row)} and {_change(row)} back, not {told}"
        yield from _fair(books, row, _given(row) - _change(row), row["settles_minor"])
    for row in books.movements:
        form = purse.forms.get(row["key"]) or Form(row["kind"], _moved(row), row["shift_id"])
        moved = form.notes if row["kind"] != "refund" else form.back
        if form.kind != row["kind"] or moved not in (None, _moved(row)):
            yield f"I5 {row['key']} moved {_moved(row)} as {row['kind']}, not {form}"
        if form.amount is not None and form.amount.minor != row["worth_minor"]:
            yield f"I5 {row['key']} is worth {row['worth_minor']}, not {form.amount}"
        if row["kind"] == "refund":
            yield from _fair(books, row, Cash() - _moved(row), -row["worth_minor"])


def _fair(books: Any, row: Row, kept: Cash, worth: int) -> Found:
    """Hold the notes that stayed in the drawer against what they were for, and the rounding.

    In hundredths of a riel. Where the shop buys and sells dollars at two rates, only the
    rounding is looked at: what the customer gets is between them.
    """
    sale = books.sale.get(row["sale_id"])
    if sale is None:
        yield f"I4 {row['key']} is for sale {row['sale_id']}, which is gone"
        return
    rate = books.rates.get(sale["rate_id"]) or {"buy": 1, "sell": 1}
    if abs(row["rounding_minor"]) > LARGEST_ROUNDING:
        yield f"I5 {row['key']} rounds by {row['rounding_minor']} riel"
    due = worth * (rate["buy"] if sale["currency"] == "USD" else 100)
    left = kept.usd * rate["buy"] + kept.khr * 100 - due - 100 * row["rounding_minor"]
    if rate["buy"] == rate["sell"] and abs(left) > 100:
        yield f"I5 {row['key']}: {kept} stayed for {worth}, rounding {row['rounding_minor']}"


def _sales_are_paid_by_their_cash(books: Any) -> Found:
    back = Counter[int]()
    for row in books.movements:
        if row["sale_id"] is not None:
            back[row["sale_id"]] += row["worth_minor"]
    for sale in books.sales:
        paid = books.cash_of[sale["id"]]
        if paid > sale["amount_minor"] or back[sale["id"]] > paid:
            yield f"I5 sale {sale['id']} has {paid} in cash, and {back[sale['id']]} of it back"
        if sale["status"] == "voided" and back[sale["id"]] != paid:
            yield f"I1 sale {sale['id']} was given up, and keeps cash of its customer"


def _report(books: Any, purse: Purse, shift_id: int, told: Any) -> Found:
    tenders = [row for row in books.tenders if row["shift_id"] == shift_id]
    moves = [row for row in books.movements if row["shift_id"] == shift_id]
    shift = next(one for one in books.shifts if one["id"] == shift_id)
    flows = _flows(purse, shift, tenders, moves)
    counts = [row for row in books.counts if row["shift_id"] == shift_id]
    held = sum(flows.values(), Cash())
    counted = _counted(purse, counts[-1]) if counts else None
    wanted = {name: _abs(flow) for name, flow in flows.items()} | {"expected": held}
    for side, line in zip(("usd", "khr"), told["lines"], strict=True):
        for name, cash in wanted.items():
            if line[name]["minor"] != getattr(cash, side):
                yield f"I5 {name} of shift {shift_id}: {line[name]['minor']} {side}, not {cash}"
        over = None if counted is None else getattr(counted - held, side)
        if (line["over"] or {}).get("minor") != over:
            yield f"I5 shift {shift_id} is over by {line['over']}, not {over} {side}"
    yield from _sums(books, shift_id, told, tenders, moves)


def _counted(purse: Purse, row: Row) -> Cash:
    form = purse.forms.get(row["key"])
    return form.notes if form else _moved(row)


def _abs(cash: Cash) -> Cash:
    return Cash(abs(cash.usd), abs(cash.khr))


def _sums(books: Any, shift_id: int, told: Any, tenders: list[Row], moves: list[Row]) -> Found:
    paid, back = Counter[str](), Counter[str]()
    for row in tenders:
        paid[row["currency"]] += row["settles_minor"]
    for row in moves:
        if row["sale_id"] is not None:
            back[books.sale[row["sale_id"]]["currency"]] += row["worth_minor"]
    wanted = {one: (paid[one], back[one]) for one in {*paid, *back}}
    said = {
        one["currency"]: (one["amount"]["minor"], one["refunded"]["minor"])
        for one in told["totals"]
    }
    if said != wanted:
        yield f"I5 shift {shift_id} sold {said} for cash, not {wanted}"
    rounding = sum(row["rounding_minor"] for row in (*tenders, *moves))
    no_sales = sum(row["kind"] == "no_sale" for row in moves)
    if (told["rounding"]["minor"], told["no_sales"]) != (rounding, no_sales):
        yield f"I5 shift {shift_id} rounds {told['rounding']}, opened {told['no_sales']} times"
