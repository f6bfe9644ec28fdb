"""The refunds of a Z report for paper: what went back, and what is still open."""

from collections.abc import Iterable

from pos.paper.document import Section, Table
from pos.reports.closing.refund_part import RefundLine, RefundPart, RefundTotal
from pos.reports.remembered import again
from pos.reports.writing import time_of_day
from pos.words import _

SUMMED = (_("How"), _("Gateway"), _("Currency"), _("Count"), _("Amount"))
"""The columns of what went back."""

_COLUMNS = (
    *(_("Sale"), _("Time"), _("Number"), _("How")),
    *(_("Status"), _("By"), _("Reference"), _("Amount")),
)


def sections(part: RefundPart) -> Iterable[Section]:
    """Yield what is open, framed, then the sums and each refund."""
    if part.open:
        notes = (_("In no total above or below."),)
        heading = _("Refunds that are open")
        yield Section(heading=heading, notes=notes, table=_lines(part.open), is_grave=True)
    if part.totals:
        yield Section(heading=_("Given back"), table=_totals(part))
    if part.lines:
        yield Section(heading=_("Each refund"), table=_lines(part.lines))


def _totals(part: RefundPart) -> Table:
    rows = tuple(
        (
            kind_of(one),
            one.gateway.capitalize(),
            str(one.currency),
            str(one.count),
            str(one.amount),
        )
        for one in part.totals
    )
    return Table(columns=SUMMED, rows=rows, figures=frozenset({3, 4}))


def kind_of(one: RefundTotal) -> str:
    """Return how money went back, and whether it was money of a sale."""
    kind = again(one.kind_text)
    return kind if one.of_sales else _("%(kind)s, of money in no total", kind=kind)


def _lines(lines: tuple[RefundLine, ...]) -> Table:
    return Table(
        columns=_COLUMNS,
        rows=tuple(_line(one) for one in lines),
        figures=frozenset({7}),
    )


def _line(one: RefundLine) -> tuple[str, ...]:
    how = again(one.kind_text)
    if one.was_before:
        how = _("%(kind)s, before its money counted", kind=how)
    return (
        str(one.sale_number),
        time_of_day(one.at),
        one.tran_id,
        how if one.of_sales else _("%(kind)s, of money in no total", kind=how),
        again(one.status_text),
        one.approved_by,
        one.reference,
        str(one.amount),
    )
