"""The end of a day as a document for paper; the same sheet stands on the screen."""

from collections.abc import Iterable

from pos.paper.document import Document, Line, Section, Table
from pos.reports.closing import settled_part
from pos.reports.closing.day_view import CorrectionLine, DayLine, DayView, ZSums
from pos.reports.writing import day, moment, time_of_day

_OVER = "Over, or short (-)"


def document(one: DayView) -> Document:
    """Return a day's sums, what is missing from them first."""
    place = one.merchant_name if one.merchant_name != one.store_name else ""
    return Document(
        shop=one.store_name,
        subtitle=place,
        title="END OF DAY",
        flags=("Not complete: a till is still open",) if one.open_tills else (),
        facts=(
            Line(label="Business day", value=day(one.business_day), is_strong=True),
            Line(label="Z reports", value=str(len(one.reports))),
        ),
        sections=tuple(_sections(one)),
        signs=("Manager",) if one.reports else (),
        foot=f"Summed {moment(one.seen_at)}. KHQR POS {one.version}",
    )


def _sections(one: DayView) -> Iterable[Section]:
    if one.open_tills:
        yield _open(one)
    if uncounted := [z for z in one.reports if z.is_uncounted]:
        names = tuple(f"Z {z.number}, {z.till_name}: nobody counted its drawer." for z in uncounted)
        yield Section(heading="Not counted", notes=names, is_grave=True)
    if one.marked:
        lines = tuple(
            Line(label=f"{row.count} in {row.currency}", value=str(row.amount))
            for row in one.marked
        )
        yield Section(heading="Marked by hand, in no total", lines=lines, is_grave=True)
    if not one.reports:
        yield Section(heading="Sums", notes=("No shift of this day is closed.",))
        return
    for line in one.lines:
        yield Section(heading=f"All that was sold, {line.currency}", lines=_sold(line))
    yield _tenders(one)
    if one.tips:
        yield _tips(one)
    if one.refunds:
        yield _refunds(one)
    yield from _cash(one)
    if one.corrections:
        yield _corrections(one.corrections)
    yield _reports(one.reports)


def _corrections(rows: tuple[CorrectionLine, ...]) -> Section:
    table = Table(
        columns=("Correction", "Till", "Of", "What", "Amount"),
        rows=tuple(
            (row.name, row.till_name, f"Z {row.z_number}", row.what, row.told) for row in rows
        ),
        figures=frozenset({4}),
    )
    note = "Money of these stands on the report of the shift that found it, or gave it back."
    return Section(heading="Learned after the close", notes=(note,), table=table)


def _open(one: DayView) -> Section:
    lines = tuple(
        Line(
            label=till.till_name,
            value=f"{till.cashier_name}, since {time_of_day(till.opened_at)}"
            + (", being counted" if till.is_counting else ""),
        )
        for till in one.open_tills
    )
    return Section(heading="Still open", notes=("In no sum below.",), lines=lines, is_grave=True)


def _sold(line: DayLine) -> tuple[Line, ...]:
    return (
        Line(label="KHQR", value=str(line.khqr)),
        Line(label="Cash", value=str(line.cash)),
        Line(label="Given back", value=f"- {line.refunds}" if line.refunds.minor else "none"),
        Line(label="What is left", value=str(line.net), is_strong=True),
    )


def _tenders(one: DayView) -> Section:
    rows = [
        (row.tender, row.gateway.capitalize(), str(row.currency), str(row.count), str(row.amount))
        for row in one.totals
    ]
    rows += [("Cash", "", str(row.currency), str(row.count), str(row.amount)) for row in one.cash]
    if not rows:
        return Section(heading="Paid", notes=("Nothing was paid on this day.",))
    columns = ("Tender", "Gateway", "Currency", "Count", "Amount")
    table = Table(columns=columns, rows=tuple(rows), figures=frozenset({3, 4}))
    rounded = settled_part.rounding_in_words(one.keyed_rounding)
    return Section(heading="Paid", notes=(rounded,) if rounded else (), table=table)


def _tips(one: DayView) -> Section:
    lines = tuple(
        Line(label=f"{row.count} in {row.currency}", value=str(row.amount)) for row in one.tips
    )
    return Section(heading="Tips, within what was paid", lines=lines)


def _refunds(one: DayView) -> Section:
    rows = tuple(
        (
            row.kind_text if row.of_sales else f"{row.kind_text}, of money in no total",
            row.gateway.capitalize(),
            str(row.currency),
            str(row.count),
            str(row.amount),
        )
        for row in one.refunds
    )
    columns = ("How", "Gateway", "Currency", "Count", "Amount")
    table = Table(columns=columns, rows=rows, figures=frozenset({3, 4}))
    return Section(heading="Given back by way of the bank", table=table)


def _cash(one: DayView) -> Iterable[Section]:
    used = [line for line in one.lines if any((line.given.minor, line.paid_in.minor))]
    used += [line for line in one.lines if line not in used and line.kept.minor]
    for line in used:
        yield Section(heading=f"Cash in the drawers, {line.currency}", lines=_moved(line))
    if used:
        rest = (
            Line(label="Rounding to ៛100", value=str(one.rounding)),
            Line(label="Drawer opened without a sale", value=str(one.no_sales)),
        )
        yield Section(heading="About the cash", lines=rest)


def _moved(line: DayLine) -> tuple[Line, ...]:
    steps = (
        ("Taken for sales", "+", line.given),
        ("Change given", "-", line.change),
        ("Cash refunds", "-", line.cash_refunds),
        ("Paid in", "+", line.paid_in),
        ("Paid out", "-", line.paid_out),
    )
    return (
        *(
            Line(label=label, value=f"{sign} {amount}" if amount.minor else str(amount))
            for label, sign, amount in steps
        ),
        Line(label="Came in, floats aside", value=str(line.kept), is_strong=True),
        Line(label=_OVER, value=str(line.over), is_strong=True),
    )


def _reports(reports: tuple[ZSums, ...]) -> Section:
    rows = tuple(
        (
            f"Z {z.number}",
            z.till_name,
            z.opened_by,
            time_of_day(z.opened_at),
            time_of_day(z.closed_at) + (", by the system" if z.is_auto_closed else ""),
        )
        for z in reports
    )
    columns = ("Report", "Till", "Cashier", "Opened", "Closed")
    return Section(
        heading="Z reports of the day",
        table=Table(columns=columns, rows=rows, figures=frozenset({4})),
    )
