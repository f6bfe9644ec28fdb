"""A Z report as a document for paper: every field of it, also those that were added later.

A field that is not named here comes out all the same, under a heading made of its name.
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from pos.money import Money
from pos.paper.document import Document, Line, Section, Table
from pos.reports.closing import settled_part
from pos.reports.closing.drawer import CashPart
from pos.reports.closing.held_money import HeldMoney
from pos.reports.closing.refund_part import RefundPart
from pos.reports.closing.shift_figures import TenderTotal
from pos.reports.closing.z_report import ZView
from pos.reports.paperwork import held_paper, z_cash_paper, z_refund_paper
from pos.reports.remembered import again
from pos.reports.writing import day, moment, write
from pos.words import Words, _, joined

_IDENTITY = frozenset(
    "number merchant_name store_name till_name opened_at closed_at opened_by closed_by"
    " is_auto_closed business_day version written_at is_blind".split()
)
"""What stands above and below the sections."""

_UNTOLD = frozenset(("last_money_id", "last_denial_id", "last_decision_id", "keyed_rounding"))
"""Marks for the next report, which tell a reader nothing; and what is told in words."""

_HEADINGS = {
    "exceptions": _("Needs a manager"),
    "marks": _("Marked by hand"),
    "marked": _("Marked by hand, in no total"),
    "unverified": _("Unverified at close"),
    "floats": _("Float"),
    "discounts": _("Discounts, in no total"),
    "tips": _("Tips, within what was paid"),
    "health": _("How the QRs went"),
    "payments": _("Payments"),
}
_GRAVE = ("exceptions", "marks", "marked", "unverified")
_LAST = ("health", "payments")

_BLIND = _("Cash is told when the drawer has been counted.")

_COLUMNS = {
    "tran_id": _("Number"),
    "sale_number": _("Sale"),
    "at": _("Time"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "received": _("Received"),
    "remark_text": _("What"),
    "resolution_text": _("Decision"),
    "status_text": _("Status"),
    "approved_by": _("Agreed by"),
    "evidence": _("Evidence"),
    "payer": _("From"),
    "bank_reference": _("Bank reference"),
    "short_hash": _("Hash"),
    "count": _("Count"),
    "is_confirmed": _("Confirmed"),
    "attempts": _("QRs shown"),
    "paid": _("Paid"),
    "expired": _("Expired"),
    "cancelled": _("Cancelled"),
    "failed": _("Not gone through"),
    "median_seconds": _("Half paid within"),
    "p95_seconds": _("95 of 100 paid within"),
}
"""What each field is called; one that is added later is called by its own name."""


SUMMED = (_("Tender"), _("Gateway"), _("Currency"), _("Count"), _("Amount"))
"""The columns of what was paid."""


def document(z: ZView) -> Document:
    """Return the whole report, without a word about copies."""
    by = z.closed_by or _("the system")
    return Document(
        shop=z.store_name,
        subtitle=z.merchant_name if z.merchant_name != z.store_name else "",
        title=_("Z REPORT %(number)s", number=z.number),
        flags=(_("Closed by the system, not by a person"),) if z.is_auto_closed else (),
        facts=(
            Line(label=_("Till"), value=z.till_name),
            Line(label=_("Business day"), value=day(z.business_day)),
            Line(label=_("Opened"), value=joined(moment(z.opened_at), z.opened_by)),
            Line(label=_("Closed"), value=joined(moment(z.closed_at), by)),
        ),
        sections=sections(z),
        signs=(_("Cashier"), _("Manager")),
        foot=_(
            "Written %(when)s. KHQR POS %(version)s", when=moment(z.written_at), version=z.version
        ),
    )


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
            yield _paid(view)
        elif name not in loose:
            heading = _HEADINGS.get(name, _column(name))
            yield from _sections(heading, name, getattr(view, name))
    if lines := _lines(loose):
        yield Section(heading=_("Also"), lines=lines)


def _paid(view: Any) -> Section:
    """Tell what came in by each tender; cash stands in the same table, unless it is not told."""
    totals: tuple[TenderTotal, ...] = view.totals
    cash: CashPart | None = view.cash
    is_blind = getattr(view, "is_blind", False)
    notes = (_BLIND,) if is_blind else z_cash_paper.given_back(cash)
    if rounded := settled_part.rounding_in_words(view.keyed_rounding):
        notes = (*notes, rounded)
    rows = [
        (
            again(one.tender),
            one.gateway.capitalize(),
            str(one.currency),
            str(one.count),
            str(one.amount),
        )
        for one in totals
    ]
    rows += z_cash_paper.paid_rows(cash)
    if not rows:
        so_far, never = _("No payment by KHQR so far."), _("Nothing was paid in this shift.")
        return Section(heading=_("Paid"), notes=(so_far if is_blind else never, *notes))
    table = Table(columns=SUMMED, rows=tuple(rows), figures=frozenset({3, 4}))
    return Section(heading=_("Paid"), notes=notes, table=table)


def _is_plain(value: Any) -> bool:
    """Return whether a value is one line, not a list and not a part with lines of its own."""
    return isinstance(value, Money) or not (is_dataclass(value) or isinstance(value, tuple))


def _sections(heading: str, name: str, value: Any) -> Iterable[Section]:
    if isinstance(value, CashPart):
        yield from z_cash_paper.sections(value)
    elif isinstance(value, RefundPart):
        yield from z_refund_paper.sections(value)
    elif isinstance(value, HeldMoney):
        yield held_paper.section(value.totals)
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
            yield from _sections(joined(heading, _column(name).lower(), by=": "), "", value)


def _plain_line(value: Any) -> Line:
    label = str(value.currency) if isinstance(value, Money) else ""
    return Line(label=label, value=write(value))


def _lines(told: dict[str, Any]) -> tuple[Line, ...]:
    """Make a line of each value that says anything."""
    return tuple(
        Line(
            label=_column(name),
            value=_("%(seconds)s s", seconds=f"{value:.0f}")
            if name.endswith("_seconds")
            else write(value),
        )
        for name, value in told.items()
        if value not in (None, "")
    )


def _table(rows: tuple[Any, ...]) -> Table:
    """Make a table of like things; the sums of money stand last, at the right.

    Column by column: there may be thousands of rows.
    """
    names = [one.name for one in fields(rows[0])]
    values = {name: [getattr(row, name) for row in rows] for name in names}
    names = [name for name in names if _says(values[name])]
    money = [name for name in names if isinstance(_first(values[name]), Money)]
    names = [name for name in names if name not in money] + money
    counts = {name for name in names if _is_count(name, values[name])}
    written = [_written(name, values[name]) for name in names]
    return Table(
        columns=tuple(_column(name) for name in names),
        rows=tuple(zip(*written, strict=True)),
        figures=frozenset(at for at, name in enumerate(names) if name in counts.union(money)),
    )


def _written(name: str, values: list[Any]) -> list[str]:
    told = [value if type(value) is str else write(value) for value in values]
    return [again(one) for one in told] if name.endswith("_text") else told


def _says(values: list[Any]) -> bool:
    return any(value not in (None, "", ()) for value in values)


def _first(values: list[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _is_count(name: str, values: list[Any]) -> bool:
    if name.endswith("number"):
        return False
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)


def _column(name: str) -> str:
    words = name.removeprefix("is_").removesuffix("_text").removesuffix("_at").replace("_", " ")
    return _COLUMNS.get(name) or Words(words.capitalize())
