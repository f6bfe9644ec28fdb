"""The cash of a Z report for paper: each drawer from its float to its count, and what moved."""

from collections.abc import Iterable

from pos.money import Currency, Money
from pos.paper.document import Line, Section, Table
from pos.reports.closing.drawer import CashPart, CountLine, DrawerLine, HeldPart, MovementLine
from pos.reports.writing import day, time_of_day

_NAMES = {Currency.USD: "dollars", Currency.KHR: "riel"}
_OVER = "Over, or short (-)"


def sections(cash: CashPart) -> Iterable[Section]:
    """Yield the sections in the order in which a drawer is checked; the grave one first."""
    if cash.is_empty:
        note = "It held no cash in this shift, so it was not counted."
        yield Section(heading="Drawer", notes=(note,))
        return
    if cash.held:
        lines = tuple(_held(one) for one in cash.held)
        yield Section(heading="Paid in part, not ended", lines=lines, is_grave=True)
    for line in cash.lines:
        yield Section(heading=f"Drawer, {_NAMES[line.currency]}", lines=_drawer(line))
    if cash.over_reason:
        yield Section(heading="Why the count is off", lines=_why(cash))
    yield Section(heading="About the cash", lines=_about(cash))
    if cash.movements:
        yield Section(heading="Cash without a sale", table=_movements(cash.movements))
    for count in cash.counts:
        heading = f"Count {count.number}, {time_of_day(count.at)}, {count.counted_by}"
        yield Section(heading=heading, lines=tuple(_count(count)))


def paid_rows(cash: CashPart | None) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return what cash paid as rows: tender, gateway, currency, count, amount."""
    totals = cash.totals if cash else ()
    return tuple(("Cash", "", str(one.currency), str(one.count), str(one.amount)) for one in totals)


def given_back(cash: CashPart | None) -> tuple[str, ...]:
    """Return a sentence for each currency of which cash went back."""
    totals = cash.totals if cash else ()
    return tuple(
        f"Of the {one.currency} cash sales, {one.refunded} was given back."
        for one in totals
        if one.refunded.minor
    )


def _held(one: HeldPart) -> Line:
    return Line(label=f"Sale {one.sale_number}", value=f"{one.held} of {one.amount} in the drawer")


def _drawer(line: DrawerLine) -> tuple[Line, ...]:
    told = [
        Line(label="Float", value=str(line.opening)),
        _step("Taken for sales", "+", line.given),
        _step("Change given", "-", line.change),
        _step("Cash refunds", "-", line.refunds),
        _step("Paid in", "+", line.paid_in),
        _step("Paid out", "-", line.paid_out),
        Line(label="Expected", value=str(line.expected), is_strong=True),
    ]
    counted = "not counted" if line.counted is None else str(line.counted)
    told.append(Line(label="Counted", value=counted, is_strong=True))
    if line.over is not None:
        told.append(Line(label=_OVER, value=str(line.over), is_strong=True))
    return tuple(told)


def _step(label: str, sign: str, amount: Money) -> Line:
    return Line(label=label, value=f"{sign} {amount}" if amount.minor else str(amount))


def _why(cash: CashPart) -> tuple[Line, ...]:
    told = (
        Line(label="Reason", value=cash.over_reason),
        Line(label="Note", value=cash.over_note),
        Line(label="Agreed by", value=cash.over_approved_by),
    )
    return tuple(line for line in told if line.value)


def _about(cash: CashPart) -> tuple[Line, ...]:
    rates = (
        Line(label=f"Rate since {day(one.set_at)}", value=f"៛{one.buy:,} / ៛{one.sell:,}")
        for one in cash.rates
    )
    return (
        Line(label="Rounding to ៛100", value=str(cash.rounding)),
        Line(label="Drawer opened without a sale", value=str(cash.no_sales)),
        *rates,
    )


def _movements(rows: tuple[MovementLine, ...]) -> Table:
    return Table(
        columns=("What", "Time", "Why", "By", "Agreed by", "Cash"),
        rows=tuple(_movement(one) for one in rows),
        figures=frozenset({5}),
    )


def _movement(one: MovementLine) -> tuple[str, ...]:
    what = f"{one.kind_text}, sale {one.sale_number}" if one.sale_number else one.kind_text
    why = f"{one.reason_text}: {one.note}" if one.note else one.reason_text
    cash = ", ".join(str(part) for part in one.cash if part.minor)
    return (what, time_of_day(one.at), why, one.asked_by, one.approved_by, cash)


def _count(one: CountLine) -> Iterable[Line]:
    for counted, over in zip(one.counted, one.over, strict=True):
        yield Line(label=f"Counted {counted.currency}", value=str(counted), is_strong=True)
        if pieces := one.notes.get(str(counted.currency)):
            yield Line(label="Notes", value=pieces_of(pieces, counted.currency))
        if over.minor:
            yield Line(label=_OVER, value=str(over))
    yield Line(label="Counted blind", value="yes" if one.is_blind else "no")


def pieces_of(pieces: dict[str, int], currency: Currency) -> str:
    """Write the pieces of each note, "2 × 20, 3 × 5"; what lay there beside them is "other"."""
    told = [f"{count} × {int(note):,}" for note, count in pieces.items() if note != "other"]
    if "other" in pieces:
        told.append(f"other {Money(pieces['other'], currency)}")
    return ", ".join(told)
