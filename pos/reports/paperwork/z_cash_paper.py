"""The cash of a Z report for paper: each drawer from its float to its count, and what moved."""

from collections.abc import Iterable

from pos.money import Currency, Money
from pos.paper.document import Line, Section, Table
from pos.reports.closing.drawer import CashPart, CountLine, DrawerLine, HeldPart, MovementLine
from pos.reports.remembered import again
from pos.reports.writing import day, time_of_day, write
from pos.words import _, joined

DRAWER = {Currency.USD: _("Drawer, dollars"), Currency.KHR: _("Drawer, riel")}
"""The heading over each currency of a drawer."""

OVER = _("Over, or short (-)")


def sections(cash: CashPart) -> Iterable[Section]:
    """Yield the sections in the order in which a drawer is checked; the grave one first."""
    if cash.is_empty:
        note = _("It held no cash in this shift, so it was not counted.")
        yield Section(heading=_("Drawer"), notes=(note,))
        return
    if cash.held:
        lines = tuple(_held(one) for one in cash.held)
        yield Section(heading=_("Paid in part, not ended"), lines=lines, is_grave=True)
    for line in cash.lines:
        yield Section(heading=DRAWER[line.currency], lines=_drawer(line))
    if cash.over_reason:
        yield Section(heading=_("Why the count is off"), lines=_why(cash))
    yield Section(heading=_("About the cash"), lines=_about(cash))
    if cash.movements:
        yield Section(heading=_("Cash without a sale"), table=_movements(cash.movements))
    for count in cash.counts:
        number = _("Count %(number)s", number=count.number)
        heading = joined(number, time_of_day(count.at), count.counted_by)
        yield Section(heading=heading, lines=tuple(_count(count)))


def paid_rows(cash: CashPart | None) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return what cash paid as rows: tender, gateway, currency, count, amount."""
    totals = cash.totals if cash else ()
    return tuple(
        (_("Cash"), "", str(one.currency), str(one.count), str(one.amount)) for one in totals
    )


def given_back(cash: CashPart | None) -> tuple[str, ...]:
    """Return a sentence for each currency of which cash went back."""
    totals = cash.totals if cash else ()
    return tuple(
        _(
            "Of the %(currency)s cash sales, %(amount)s was given back.",
            currency=one.currency,
            amount=one.refunded,
        )
        for one in totals
        if one.refunded.minor
    )


def _held(one: HeldPart) -> Line:
    held = _("%(held)s of %(amount)s in the drawer", held=one.held, amount=one.amount)
    return Line(label=_("Sale %(number)s", number=one.sale_number), value=held)


def _drawer(line: DrawerLine) -> tuple[Line, ...]:
    told = [
        Line(label=_("Float"), value=str(line.opening)),
        _step(_("Taken for sales"), "+", line.given),
        _step(_("Change given"), "-", line.change),
        _step(_("Cash refunds"), "-", line.refunds),
        _step(_("Paid in"), "+", line.paid_in),
        _step(_("Paid out"), "-", line.paid_out),
        Line(label=_("Expected"), value=str(line.expected), is_strong=True),
    ]
    counted = _("not counted") if line.counted is None else str(line.counted)
    told.append(Line(label=_("Counted"), value=counted, is_strong=True))
    if line.over is not None:
        told.append(Line(label=OVER, value=str(line.over), is_strong=True))
    return tuple(told)


def _step(label: str, sign: str, amount: Money) -> Line:
    return Line(label=label, value=f"{sign} {amount}" if amount.minor else str(amount))


def _why(cash: CashPart) -> tuple[Line, ...]:
    told = (
        Line(label=_("Reason"), value=again(cash.over_reason)),
        Line(label=_("Note"), value=cash.over_note),
        Line(label=_("Agreed by"), value=cash.over_approved_by),
    )
    return tuple(line for line in told if line.value)


def _about(cash: CashPart) -> tuple[Line, ...]:
    rates = (
        Line(
            label=_("Rate since %(day)s", day=day(one.set_at)),
            value=f"៛{one.buy:,} / ៛{one.sell:,}",
        )
        for one in cash.rates
    )
    return (
        Line(label=_("Rounding to ៛100"), value=str(cash.rounding)),
        Line(label=_("Drawer opened without a sale"), value=str(cash.no_sales)),
        *rates,
    )


def _movements(rows: tuple[MovementLine, ...]) -> Table:
    return Table(
        columns=(_("What"), _("Time"), _("Why"), _("By"), _("Agreed by"), _("Cash")),
        rows=tuple(_movement(one) for one in rows),
        figures=frozenset({5}),
    )


def _movement(one: MovementLine) -> tuple[str, ...]:
    what, why = again(one.kind_text), again(one.reason_text)
    if one.sale_number:
        what = joined(what, _("sale %(number)s", number=one.sale_number))
    if one.note:
        why = joined(why, one.note, by=": ")
    cash = ", ".join(str(part) for part in one.cash if part.minor)
    return (what, time_of_day(one.at), why, one.asked_by, one.approved_by, cash)


def _count(one: CountLine) -> Iterable[Line]:
    for counted, over in zip(one.counted, one.over, strict=True):
        yield Line(
            label=_("Counted %(currency)s", currency=counted.currency),
            value=str(counted),
            is_strong=True,
        )
        if pieces := one.notes.get(str(counted.currency)):
            yield Line(label=_("Notes"), value=pieces_of(pieces, counted.currency))
        if over.minor:
            yield Line(label=OVER, value=str(over))
    yield Line(label=_("Counted blind"), value=write(one.is_blind))


def pieces_of(pieces: dict[str, int], currency: Currency) -> str:
    """Write the pieces of each note, "2 × 20, 3 × 5"; what lay there beside them is "other"."""
    told = [f"{count} × {int(note):,}" for note, count in pieces.items() if note != "other"]
    if "other" in pieces:
        told.append(_("other %(amount)s", amount=Money(pieces["other"], currency)))
    return joined(*told)
