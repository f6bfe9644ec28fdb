"""A Z report as a document for paper: every field of it, also those that were added later.

A field that is not named here comes out all the same, under a heading made of its name.
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from pos.money import Money
from pos.paper.document import Document, Line, Section, Table
from pos.reports import z_cash_paper
from pos.reports.drawer import CashPart
from pos.reports.writing import day, time_of_day, write
from pos.reports.z_report import TenderTotal, ZView

_IDENTITY = frozenset(
    "number merchant_name store_name till_name opened_at closed_at opened_by closed_by"
    " is_auto_closed business_day version written_at".split()
)
"""What stands above and below the sections."""

_UNTOLD = frozenset(("last_money_id", "last_denial_id", "last_decision_id"))
"""Marks for the next report, which tell a reader nothing."""

_HEADINGS = {
    "exceptions": "Needs a manager",
    "marks": "Marked by hand",
    "marked": "Marked by hand, in no total",
    "unverified": "Unverified at close",
    "floats": "Float",
    "health": "How the QRs went",
    "payments": "Payments",
}
_GRAVE = ("exceptions", "marks", "marked", "unverified")
_LAST = ("health", "payments")

_COLUMNS = {
    "tran_id": "Number",
    "sale_number": "Sale",
    "at": "Time",
    "remark_text": "What",
    "resolution_text": "Decision",
    "status_text": "Status",
    "payer": "From",
    "short_hash": "Hash",
    "count": "Count",
    "is_confirmed": "Confirmed",
    "attempts": "QRs shown",
    "median_seconds": "Half paid within",
    "p95_seconds": "95 % paid within",
}
"""Names of fields that their own names would not tell."""


def document(z: ZView) -> Document:
    """Return the whole report, without a word about copies."""
    by = z.closed_by or "the system"
    return Document(
        shop=z.store_name,
        subtitle=z.merchant_name if z.merchant_name != z.store_name else "",
        title=f"Z REPORT {z.number}",
        flags=("Closed by the system, not by a person",) if z.is_auto_closed else (),
        facts=(
            Line(label="Till", value=z.till_name),
            Line(label="Business day", value=day(z.business_day)),
            Line(label="Opened", value=f"{_moment(z.opened_at)}, {z.opened_by}"),
            Line(label="Closed", value=f"{_moment(z.closed_at)}, {by}"),
        ),
        sections=sections(z),
        signs=("Cashier", "Manager"),
        foot=f"Written {_moment(z.written_at)}. KHQR POS {z.version}",
    )


def _moment(instant: datetime) -> str:
    return f"{day(instant)}, {time_of_day(instant)}"


def sections(view: Any) -> tuple[Section, ...]:
    """Return a section for each field of a report that has something to tell, gravest first."""
    return tuple(sorted(_told(view), key=lambda one: not one.is_grave))


def _told(view: Any) -> Iterable[Section]:
    cash = getattr(view, "cash", None)
    names = [one.name for one in fields(view) if one.name not in _IDENTITY | _UNTOLD]
    if cash is not None:
        # The float is the first line of each drawer.
        names.remove("floats")
    names.sort(key=lambda name: (name in _LAST, name not in _GRAVE))
    loose = {name: getattr(view, name) for name in names if _is_plain(getattr(view, name))}
    for name in names:
        if name == "totals":
            yield _paid(view.totals, cash)
        elif name not in loose:
            heading = _HEADINGS.get(name, _column(name))
            yield from _sections(heading, name, getattr(view, name))
    if lines := _lines(loose):
        yield Section(heading="Also", lines=lines)


def _paid(totals: tuple[TenderTotal, ...], cash: CashPart | None) -> Section:
    """Tell what came in by each tender; cash stands in the same table."""
    rows = [
        (one.tender, one.gateway.capitalize(), str(one.currency), str(one.count), str(one.amount))
        for one in totals
    ]
    rows += z_cash_paper.paid_rows(cash)
    if not rows:
        return Section(heading="Paid", notes=("Nothing was paid in this shift.",))
    columns = ("Tender", "Gateway", "Currency", "Count", "Amount")
    table = Table(columns=columns, rows=tuple(rows), figures=frozenset({3, 4}))
    return Section(heading="Paid", notes=z_cash_paper.given_back(cash), table=table)


def _is_plain(value: Any) -> bool:
    """Return whether a value is one line, not a list and not a part with lines of its own."""
    return isinstance(value, Money) or not (is_dataclass(value) or isinstance(value, tuple))


def _sections(heading: str, name: str, value: Any) -> Iterable[Section]:
    if isinstance(value, CashPart):
        yield from z_cash_paper.sections(value)
    elif not isinstance(value, tuple):
        yield from _part(heading, value)
    elif value and all(_is_plain(one) for one in value):
        yield Section(heading=heading, lines=tuple(_plain_line(one) for one in value))
    elif value:
        yield Section(heading=heading, table=_table(value), is_grave=name in _GRAVE)


def _part(heading: str, part: Any) -> Iterable[Section]:
    """Draw a part of a report: its own lines first, then each of its lists."""
    told = {one.name: getattr(part, one.name) for one in fields(part)}
    if lines := _lines({name: value for name, value in told.items() if _is_plain(value)}):
        yield Section(heading=heading, lines=lines)
    for name, value in told.items():
        if not _is_plain(value):
            yield from _sections(f"{heading}: {_column(name).lower()}", "", value)


def _plain_line(value: Any) -> Line:
    label = str(value.currency) if isinstance(value, Money) else ""
    return Line(label=label, value=write(value))


def _lines(told: dict[str, Any]) -> tuple[Line, ...]:
    """Make a line of each value that says anything."""
    return tuple(
        Line(
            label=_column(name),
            value=f"{value:.0f} s" if name.endswith("_seconds") else write(value),
        )
        for name, value in told.items()
        if value not in (None, "")
    )


def _table(rows: tuple[Any, ...]) -> Table:
    """Make a table of like things; the sums of money stand last, at the right."""
    names = [one.name for one in fields(rows[0]) if _says(rows, one.name)]
    money = [name for name in names if any(_is_money(getattr(row, name)) for row in rows)]
    names = [name for name in names if name not in money] + money
    counts = {name for name in names if all(_is_count(row, name) for row in rows)}
    return Table(
        columns=tuple(_column(name) for name in names),
        rows=tuple(tuple(write(getattr(row, name)) for name in names) for row in rows),
        figures=frozenset(at for at, name in enumerate(names) if name in counts.union(money)),
    )


def _says(rows: tuple[Any, ...], name: str) -> bool:
    return any(getattr(row, name) not in (None, "", ()) for row in rows)


def _is_money(value: Any) -> bool:
    return isinstance(value, Money)


def _is_count(row: Any, name: str) -> bool:
    value = getattr(row, name)
    return isinstance(value, int) and not isinstance(value, bool) and not name.endswith("number")


def _column(name: str) -> str:
    words = name.removeprefix("is_").removesuffix("_text").removesuffix("_at").replace("_", " ")
    return _COLUMNS.get(name, words.capitalize())
