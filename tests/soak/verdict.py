"""The verdict of a soak: the bank's ledger against the shop's books, and what people saw.

The simulation's checker proves the books transfer by transfer; here the sums are made once
more, by other means, and held together: two ways to be wrong in the same way are few.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from types import SimpleNamespace

from pos.money import Currency, Money
from tests.sim import checker
from tests.sim.checker import Books
from tests.soak import drawers
from tests.soak.payway import BooksOfBoth
from tests.soak.sides import Sides
from tests.soak.witness import Witness

LATE = ("paid_late", "paid_after_cancel")
WRONG = ("underpaid", "overpaid", "wrong_currency", "wrong_receiver")

Sums = Counter[str]
"""Minor units by currency."""


@dataclass(frozen=True)
class Verdict:
    """What was wrong, if anything, and the figures."""

    wrong: list[str]
    rows: list[tuple[str, str]]
    counts: Counter[str]
    """What people and programs did, by name."""

    def __str__(self) -> str:
        table = [f"{name:42}{figure:>16}" for name, figure in self.rows]
        faults = [f"  {one}" for one in self.wrong]
        told = f"{len(faults)} things are wrong:" if faults else "Nothing is wrong."
        return "\n".join([*table, told, *faults])


def judge(sides: Sides, witness: Witness) -> Verdict:
    """Compare both sides' books and what the tills showed."""
    books = sides.books()
    seen: Counter[str] = Counter()
    watch = SimpleNamespace(wrong=list(witness.wrong), seen=seen, changed_reports=list)
    people = SimpleNamespace(forms=_forms(books, witness))
    differences = [*_differences(books), *drawers.differences(books, witness)]
    wrong = [
        *checker.check(books, people, watch),  # type: ignore[arg-type]
        *(f"I1 {name}: {figure}" for name, figure in differences if figure != "0"),
        *_untrue_greens(books, witness),
        *drawers.wrong(books, witness),
        *sides.damages(),
    ]
    if not books.transfers:
        wrong.append("nothing was paid: this proves nothing")
    rows = [*_figures(books, witness), *_answers(sides), *_counts(witness), *differences]
    return Verdict(wrong, rows, seen + witness.counts)


def _numbers(books: Books) -> dict[tuple[int, int], checker.Row]:
    return {(sale["shift_id"], sale["number"]): sale for sale in books.sales}


def _forms(books: Books, witness: Witness) -> dict[str, set[int]]:
    """Return for each form that was taken the sale that the till showed for it."""
    numbers = _numbers(books)
    return {
        form: {numbers[shown]["id"] if shown in numbers else -1}
        for form, shown in witness.answered.items()
    }


def _untrue_greens(books: Books, witness: Witness) -> list[str]:
    numbers = _numbers(books)
    return [
        f"I2 a till showed sale {number} of shift {shift} as paid"
        for shift, number in witness.greens
        if (shift, number) not in numbers or numbers[shift, number]["status"] != "paid"
    ]


def _differences(books: Books) -> list[tuple[str, str]]:
    """Return what must be nothing: each pair of sums that mean the same money."""
    told, booked = _sum(books.shown.values()), _sum(books.money)
    settled = _sum(one for one in books.money if one["settles_sale_id"])
    in_cash = drawers.paid_in_cash(books)
    by_qr = (sale for sale in books.sales if sale["id"] not in in_cash)
    paid = _sum(sale for sale in by_qr if sale["status"] == "paid")
    for sale in books.sales:
        # Of a sale that was split the QR asked for the rest alone.
        if sale["status"] == "paid" and sale["id"] not in in_cash:
            paid[sale["currency"]] -= books.cash_of[sale["id"]]
    reported = _reported(books)
    pairs = {
        "ledger difference": (told, booked),
        "paid sales against settled money": (paid, settled),
        "Z reports against settled money": (reported, settled),
    }
    rows = [
        (f"{name}, {currency}", _plain(one[currency] - other[currency], currency))
        for name, (one, other) in pairs.items()
        for currency in Currency
    ]
    count = len(books.shown) - len(books.money)
    return [*rows, ("ledger difference, transfers", f"{count}")]


def _sum(rows: Iterable[checker.Row]) -> Sums:
    sums: Sums = Counter()
    for row in rows:
        sums[row["currency"]] += row["amount_minor"]
    return sums


def _reported(books: Books) -> Sums:
    sums: Sums = Counter()
    for row, _ in books.reports:
        for one in json.loads(row["body"])["totals"]:
            sums[one["currency"]] += one["amount"]["minor"]
    return sums


def _plain(minor: int, currency: Currency) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{Money(abs(minor), currency).decimal}" if minor else "0"


def _figures(books: BooksOfBoth, witness: Witness) -> list[tuple[str, str]]:
    remarks = Counter(one["remark"] for one in books.payments)
    states = Counter(one["status"] for one in books.payments)
    settled = sum(bool(one["settles_sale_id"]) for one in books.money)
    waits = sorted(_seconds_to_green(books, witness))
    return [
        ("sales", f"{len(books.sales)}"),
        ("QRs", f"{len(books.payments)}"),
        ("transfers at the bank", f"{len(books.transfers)}"),
        ("  second on a QR, which no till is told of", f"{books.unseen}"),
        ("  settled a sale", f"{settled}"),
        ("    money by PayWay", f"{books.by_payway}"),
        ("    learned late", f"{remarks['learned_late']}"),
        ("  need a person: too late or after cancel", f"{sum(remarks[one] for one in LATE)}"),
        ("  need a person: for a paid sale", f"{remarks['duplicate']}"),
        ("  need a person: wrong money", f"{sum(remarks[one] for one in WRONG)}"),
        ("QRs expired, cancelled, failed", " ".join(
            str(states[one]) for one in ("expired", "cancelled", "failed"))),
        ("sales paid in cash", f"{len(drawers.paid_in_cash(books))}"),
        ("shifts, each with its Z report", f"{len(books.reports)}"),
        ("sales seen green", f"{len(waits)}"),
        ("  seconds from bank to green, median", f"{median(waits):.1f}" if waits else "-"),
        ("  seconds from bank to green, longest", f"{waits[-1]:.1f}" if waits else "-"),
    ]  # fmt: skip


def _seconds_to_green(books: Books, witness: Witness) -> list[float]:
    """Return how long each paying customer waited until the till was seen green."""
    settled = {one["settles_sale_id"]: one["reference"] for one in books.money}
    numbers = _numbers(books)
    return [
        at - books.by_hash[settled[numbers[shown]["id"]]]["booked_ms"] / 1000
        for shown, at in witness.greens.items()
        if shown in numbers and settled.get(numbers[shown]["id"]) in books.by_hash
    ]


def _answers(sides: Sides) -> list[tuple[str, str]]:
    unknown = "sum(CASE WHEN outcome = 'unknown' THEN 1 ELSE 0 END)"
    query = f"SELECT count(*) AS all_of_them, {unknown} AS unknown FROM"
    row = sides.eye.execute(f"{query} gateway_question").fetchone()
    callbacks = sides.eye.execute("SELECT count(*) AS heard FROM gateway_callback").fetchone()
    return [
        ("callbacks heard", f"{callbacks['heard']}"),
        ("questions to the bank", f"{row['all_of_them']}"),
        ("  without a usable answer", f"{row['unknown'] or 0}"),
    ]


def _counts(witness: Witness) -> list[tuple[str, str]]:
    return [(name, f"{times}") for name, times in sorted(witness.counts.items())]
