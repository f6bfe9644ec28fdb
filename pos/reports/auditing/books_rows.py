"""A stored Z report held against the rows that it was made of, figure by figure.

Only what can never change after a close is compared: money that settled sales in the shift, its
cash, its counts, its refunds. Names may have been changed since, and late money changes how QRs
went; the report keeps what was true when it was written.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Integer, bindparam, select

from pos import clock
from pos.extensions import db
from pos.models import (
    CashMovement,
    Correction,
    CorrectionKind,
    GatewayTransaction,
    Payment,
    Refund,
    Sale,
    Shift,
    ZReport,
)
from pos.money import Currency, Money
from pos.reports.closing import cash_part, corrections, held_money, settled_part, z_report
from pos.reports.closing.drawer import CashPart, CountLine, DrawerLine
from pos.reports.closing.settled import BY_BANK
from pos.reports.closing.shift_figures import PaymentLine
from pos.reports.closing.z_report import ZView
from pos.states import RefundStatus, ShiftStatus

_FACTS = ("sale", "time", "amount", "payer", "bank reference", "hash")
"""What a report says of each payment, in the order of `_facts`."""

_SETTLED = (
    select(Payment.tran_id, Sale.number, GatewayTransaction)
    .join(Payment, Payment.id == GatewayTransaction.payment_id)
    .join(Sale, Sale.id == Payment.sale_id)
    .where(Payment.paid_shift_id == bindparam("shift_id", type_=Integer), BY_BANK)
)

Differences = Iterator[tuple[str, str]]
"""A field and what is wrong with it."""


def differences(record: ZReport) -> Differences:
    """Find what a report says otherwise than the rows; nothing where it is right."""
    try:
        view = z_report.from_json(record.body)
    except ValidationError:
        yield "text", "it cannot be read as a report"
        return
    shift = db.session.get(Shift, record.shift_id)
    if shift is None:
        yield "shift", f"shift {record.shift_id} is missing"
        return
    yield from _identity(record, view, shift)
    settled = db.session.execute(_SETTLED, {"shift_id": shift.id}).all()
    yield from _totals(view, [money for _, _, money in settled])
    yield from _payments(view, {one: (sale, *_facts(money)) for one, sale, money in settled})
    yield from _cash(view, shift)
    yield from _refunds(view)
    found = settled_part.of_shift(shift.id)
    if view.keyed_rounding is not None:
        yield from _differ("keyed rounding", view.keyed_rounding, found.keyed_rounding)
    yield from _differ("discounts", _sums(view.discounts), _sums(found.discounts))
    yield from _differ("tips", _sums(view.tips), _sums(found.tips))
    held = view.held_money or held_money.HeldMoney()
    rows = held_money.of_rows(shift.id, held.refund_ids)
    yield from _differ("held money", _held(held.totals), _held(rows))


def _differ(field: str, told: Any, rows: Any) -> Differences:
    if _kept(told) != _kept(rows):
        yield field, f"it says {_write(told)}, the rows say {_write(rows)}"


def _kept(value: Any) -> Any:
    """Return a value as rows keep it: an instant in whole milliseconds, which a report has not."""
    if isinstance(value, tuple):
        return tuple(_kept(one) for one in value)
    return clock.epoch_ms(value) if isinstance(value, datetime) else value


def _write(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(_write(one) for one in value) or "nothing"
    return "nothing" if value is None else str(value)


def _identity(record: ZReport, view: ZView, shift: Shift) -> Differences:
    yield from _differ("number", view.number, record.number)
    yield from _differ("till", record.till_id, shift.till_id)
    yield from _differ("opened", view.opened_at, shift.opened_at)
    yield from _differ("closed", view.closed_at, shift.closed_at)
    yield from _differ("business day", view.business_day, shift.business_date)
    is_auto = shift.status is ShiftStatus.AUTO_CLOSED
    yield from _differ("closed by the system", view.is_auto_closed, is_auto)
    yield from _differ("float", view.floats, shift.floats)


def _totals(view: ZView, settled: Sequence[GatewayTransaction]) -> Differences:
    found: dict[tuple[str, Currency], list[int]] = defaultdict(list)
    for money in settled:
        found[money.gateway, money.currency].append(money.amount_minor)
    rows = {key: (len(some), Money(sum(some), key[1])) for key, some in found.items()}
    told = {(one.gateway, one.currency): (one.count, one.amount) for one in view.totals}
    for key in sorted(told.keys() | rows.keys()):
        yield from _differ(f"total {' '.join(key)}", told.get(key), rows.get(key))


def _payments(view: ZView, rows: dict[str, tuple[Any, ...]]) -> Differences:
    told = {one.tran_id: _line(one) for one in view.payments}
    for tran_id in sorted(told.keys() | rows.keys()):
        one, row = told.get(tran_id), rows.get(tran_id)
        if one is None or row is None:
            yield f"payment {tran_id}", "only the rows have it" if row else "only the report has it"
            continue
        for name, said, there in zip(_FACTS, one, row, strict=True):
            yield from _differ(f"payment {tran_id} {name}", said, there)


def _facts(money: GatewayTransaction) -> tuple[Any, ...]:
    return (
        money.paid_at,
        money.amount,
        money.payer,
        money.bank_reference,
        money.reference[:8],
    )


def _line(one: PaymentLine) -> tuple[Any, ...]:
    facts = (one.at, one.amount, one.payer, one.bank_reference, one.short_hash)
    return (one.sale_number, *facts)


def _cash(view: ZView, shift: Shift) -> Differences:
    if view.cash is None:
        return
    told, rows = view.cash, cash_part.of_shift(shift)
    for one, row in zip(told.lines, rows.lines, strict=True):
        yield from _drawer(one, row)
    paid = {one.currency: one for one in told.totals}
    for total in rows.totals:
        yield from _differ(
            f"cash total {total.currency}", _told(paid.pop(total.currency, None)), _told(total)
        )
    for total in paid.values():
        yield from _differ(f"cash total {total.currency}", _told(total), None)
    for name in ("rounding", "no_sales", "rates", "over_note"):
        yield from _differ(name.replace("_", " "), getattr(told, name), getattr(rows, name))
    yield from _lists(told, rows)


def _told(total: Any) -> tuple[Any, ...] | None:
    return None if total is None else (total.count, total.amount, total.refunded)


def _drawer(told: DrawerLine, row: DrawerLine) -> Differences:
    names = "opening given change refunds paid_in paid_out expected counted over".split()
    for name in names:
        field = f"drawer {row.currency} {name.replace('_', ' ')}"
        yield from _differ(field, getattr(told, name), getattr(row, name))


def _lists(told: CashPart, rows: CashPart) -> Differences:
    """Compare the movements and the counts one by one."""
    moved, counted = _movements(told), _movements(rows)
    for number in range(max(len(moved), len(counted))):
        one, row = _at(moved, number), _at(counted, number)
        yield from _differ(f"movement {number + 1}", one, row)
    for number in range(max(len(told.counts), len(rows.counts))):
        one, row = _at(_counts(told.counts), number), _at(_counts(rows.counts), number)
        yield from _differ(f"count {number + 1}", one, row)


def _at(some: tuple[Any, ...], number: int) -> Any:
    return some[number] if number < len(some) else None


def _movements(part: CashPart) -> tuple[Any, ...]:
    return tuple((one.at, *one.cash, one.sale_number, one.note) for one in part.movements)


def _counts(lines: tuple[CountLine, ...]) -> tuple[Any, ...]:
    return tuple((one.at, *one.counted, *one.over, one.notes, one.is_blind) for one in lines)


def _sums(totals: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((one.count, one.amount) for one in totals)


def _held(totals: tuple[held_money.HeldTotal, ...]) -> tuple[Any, ...]:
    return tuple((str(one.kind), one.count, one.amount) for one in totals)


def _refunds(view: ZView) -> Differences:
    """See that each refund that a report tells of as done is there, of that amount."""
    for line in view.refunds.lines if view.refunds else ():
        row = db.session.get(Refund, line.refund_id)
        is_done = row is not None and row.status is RefundStatus.DONE
        there = row.amount if row is not None and is_done else None
        yield from _differ(f"refund {line.refund_id}", line.amount, there)


def of_correction(record: Correction) -> Differences:
    """Find what a correction says otherwise than the row that it was written of."""
    try:
        view = corrections.from_json(record.body)
    except ValidationError:
        yield "text", "it cannot be read as a correction"
        return
    z = db.session.get(ZReport, record.z_report_id)
    yield from _differ("number", view.number, record.number)
    yield from _differ("Z report", view.z_number, z.number if z else None)
    if view.kind in (CorrectionKind.LATE_SALE, CorrectionKind.REFUND):
        yield from _differ("amount", view.told.amount, _amount_at(record.source))


def _amount_at(source: str) -> Money | None:
    """Return the amount of the row that a correction comes of; None where it is gone."""
    kind, _, number = source.partition(":")
    if kind == "money":
        money = db.session.get(GatewayTransaction, int(number))
        return money.amount if money else None
    if kind == "refund":
        refund = db.session.get(Refund, int(number))
        return refund.amount if refund else None
    row = db.session.get(CashMovement, int(number))
    return Money(row.worth_minor, row.sale.currency) if row and row.sale else None
