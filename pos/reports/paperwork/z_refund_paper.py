"""The refunds of a Z report for paper: what went back, and what is still open."""

from collections.abc import Iterable

from pos.paper.document import Section, Table
from pos.reports.closing.refund_part import RefundLine, RefundPart
from pos.reports.writing import time_of_day


def sections(part: RefundPart) -> Iterable[Section]:
    """Yield what is open, framed, then the sums and each refund."""
    if part.open:
        notes = ("In no total above or below.",)
        yield Section(
            heading="Refunds that are open", notes=notes, table=_lines(part.open), is_grave=True
        )
    if part.totals:
        yield Section(heading="Given back", table=_totals(part))
    if part.lines:
        yield Section(heading="Each refund", table=_lines(part.lines))


def _totals(part: RefundPart) -> Table:
    rows = tuple(
        (
            one.kind_text if one.of_sales else f"{one.kind_text}, of money in no total",
            one.gateway.capitalize(),
            str(one.currency),
            str(one.count),
            str(one.amount),
        )
        for one in part.totals
    )
    columns = ("How", "Gateway", "Currency", "Count", "Amount")
    return Table(columns=columns, rows=rows, figures=frozenset({3, 4}))


def _lines(lines: tuple[RefundLine, ...]) -> Table:
    return Table(
        columns=("Sale", "Time", "Number", "How", "Status", "By", "Reference", "Amount"),
        rows=tuple(_line(one) for one in lines),
        figures=frozenset({7}),
    )


def _line(one: RefundLine) -> tuple[str, ...]:
    how = f"{one.kind_text}, before its money counted" if one.was_before else one.kind_text
    return (
        str(one.sale_number),
        time_of_day(one.at),
        one.tran_id,
        how if one.of_sales else f"{how}, of money in no total",
        one.status_text,
        one.approved_by,
        one.reference,
        str(one.amount),
    )
