"""The end of a day as a document for paper; the same sheet stands on the screen."""

from collections.abc import Iterable

from pos.paper.document import Document, Line, Section, Table
from pos.reports.closing import settled_part
from pos.reports.closing.day_view import CorrectionLine, DayLine, DayView, OpenTill, ZSums
from pos.reports.closing.marked import MarkedTotal
from pos.reports.closing.settled_part import DiscountTotal, TipTotal
from pos.reports.paperwork import held_paper, z_paper, z_refund_paper
from pos.reports.paperwork.z_cash_paper import OVER
from pos.reports.remembered import again
from pos.reports.writing import day, moment, time_of_day
from pos.words import _, joined


def document(one: DayView) -> Document:
    """Return a day's sums, what is missing from them first."""
    place = one.merchant_name if one.merchant_name != one.store_name else ""
    return Document(
        shop=one.store_name,
        subtitle=place,
        title=_("END OF DAY"),
        flags=(_("Not complete: a till is still open"),) if one.open_tills else (),
        facts=(
            Line(label=_("Business day"), value=day(one.business_day), is_strong=True),
            Line(label=_("Z reports"), value=str(len(one.reports))),
        ),
        sections=tuple(_sections(one)),
        signs=(_("Manager"),) if one.reports else (),
        foot=_(
            "Summed %(when)s. KHQR POS %(version)s", when=moment(one.seen_at), version=one.version
        ),
    )


def _sections(one: DayView) -> Iterable[Section]:
    if one.open_tills:
        yield _open(one)
    if uncounted := [z for z in one.reports if z.is_uncounted]:
        yield _not_counted(uncounted)
    if one.marked:
        heading = _("Marked by hand, in no total")
        yield Section(heading=heading, lines=_counted(one.marked), is_grave=True)
    if not one.reports:
        yield Section(heading=_("Sums"), notes=(_("No shift of this day is closed."),))
        return
    for line in one.lines:
        yield Section(
            heading=_("All that was sold, %(currency)s", currency=line.currency), lines=_sold(line)
        )
    yield _tenders(one)
    if one.discounts:
        yield _discounts(one)
    if one.tips:
        yield _tips(one)
    if one.refunds:
        yield _refunds(one)
    if one.held:
        yield held_paper.section(one.held)
    yield from _cash(one)
    if one.corrections:
        yield _corrections(one.corrections)
    yield _reports(one.reports)


def _corrections(rows: tuple[CorrectionLine, ...]) -> Section:
    table = Table(
        columns=(_("Correction"), _("Till"), _("Of"), _("What"), _("Amount")),
        rows=tuple(
            (row.name, row.till_name, f"Z {row.z_number}", row.what, row.told) for row in rows
        ),
        figures=frozenset({4}),
    )
    note = _("Money of these stands on the report of the shift that found it, or gave it back.")
    return Section(heading=_("Learned after the close"), notes=(note,), table=table)


def _open(one: DayView) -> Section:
    lines = tuple(Line(label=till.till_name, value=_since(till)) for till in one.open_tills)
    notes = (_("In no sum below."),)
    return Section(heading=_("Still open"), notes=notes, lines=lines, is_grave=True)


def _since(till: OpenTill) -> str:
    since = joined(till.cashier_name, _("since %(time)s", time=time_of_day(till.opened_at)))
    return joined(since, _("being counted")) if till.is_counting else since


def _not_counted(reports: list[ZSums]) -> Section:
    notes = tuple(
        _("Z %(number)s, %(till)s: nobody counted its drawer.", number=z.number, till=z.till_name)
        for z in reports
    )
    return Section(heading=_("Not counted"), notes=notes, is_grave=True)


def _counted(rows: Iterable[MarkedTotal | TipTotal | DiscountTotal]) -> tuple[Line, ...]:
    """Tell how many there were in each currency, and what they come to."""
    return tuple(
        Line(
            label=_("%(count)s in %(currency)s", count=row.count, currency=row.currency),
            value=str(row.amount),
        )
        for row in rows
    )


def _sold(line: DayLine) -> tuple[Line, ...]:
    return (
        Line(label="KHQR", value=str(line.khqr)),
        Line(label=_("Cash"), value=str(line.cash)),
        Line(label=_("Given back"), value=f"- {line.refunds}" if line.refunds.minor else _("none")),
        Line(label=_("What is left"), value=str(line.net), is_strong=True),
    )


def _tenders(one: DayView) -> Section:
    rows = [
        (
            again(row.tender),
            row.gateway.capitalize(),
            str(row.currency),
            str(row.count),
            str(row.amount),
        )
        for row in one.totals
    ]
    rows += [
        (_("Cash"), "", str(row.currency), str(row.count), str(row.amount)) for row in one.cash
    ]
    if not rows:
        return Section(heading=_("Paid"), notes=(_("Nothing was paid on this day."),))
    table = Table(columns=z_paper.SUMMED, rows=tuple(rows), figures=frozenset({3, 4}))
    rounded = settled_part.rounding_in_words(one.keyed_rounding)
    return Section(heading=_("Paid"), notes=(rounded,) if rounded else (), table=table)


def _tips(one: DayView) -> Section:
    return Section(heading=_("Tips, within what was paid"), lines=_counted(one.tips))


def _discounts(one: DayView) -> Section:
    return Section(heading=_("Discounts, in no total"), lines=_counted(one.discounts))


def _refunds(one: DayView) -> Section:
    rows = tuple(
        (
            z_refund_paper.kind_of(row),
            row.gateway.capitalize(),
            str(row.currency),
            str(row.count),
            str(row.amount),
        )
        for row in one.refunds
    )
    table = Table(columns=z_refund_paper.SUMMED, rows=rows, figures=frozenset({3, 4}))
    return Section(heading=_("Given back by way of the bank"), table=table)


def _cash(one: DayView) -> Iterable[Section]:
    used = [line for line in one.lines if any((line.given.minor, line.paid_in.minor))]
    used += [line for line in one.lines if line not in used and line.kept.minor]
    for line in used:
        yield Section(
            heading=_("Cash in the drawers, %(currency)s", currency=line.currency),
            lines=_moved(line),
        )
    if used:
        rest = (
            Line(label=_("Rounding to ៛100"), value=str(one.rounding)),
            Line(label=_("Drawer opened without a sale"), value=str(one.no_sales)),
        )
        yield Section(heading=_("About the cash"), lines=rest)


def _moved(line: DayLine) -> tuple[Line, ...]:
    steps = (
        (_("Taken for sales"), "+", line.given),
        (_("Change given"), "-", line.change),
        (_("Cash refunds"), "-", line.cash_refunds),
        (_("Paid in"), "+", line.paid_in),
        (_("Paid out"), "-", line.paid_out),
    )
    return (
        *(
            Line(label=label, value=f"{sign} {amount}" if amount.minor else str(amount))
            for label, sign, amount in steps
        ),
        Line(label=_("Came in, floats aside"), value=str(line.kept), is_strong=True),
        Line(label=OVER, value=str(line.over), is_strong=True),
    )


def _reports(reports: tuple[ZSums, ...]) -> Section:
    rows = tuple(
        (
            f"Z {z.number}",
            z.till_name,
            z.opened_by,
            time_of_day(z.opened_at),
            _closed(z),
        )
        for z in reports
    )
    columns = (_("Report"), _("Till"), _("Cashier"), _("Opened"), _("Closed"))
    return Section(
        heading=_("Z reports of the day"),
        table=Table(columns=columns, rows=rows, figures=frozenset({4})),
    )


def _closed(z: ZSums) -> str:
    at = time_of_day(z.closed_at)
    return joined(at, _("by the system")) if z.is_auto_closed else at
