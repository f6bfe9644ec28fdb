"""The end of a store's day: the sum of its Z reports, read from the documents as written."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Correction, Shift, Store, Till, ZReport
from pos.models.books import KIND
from pos.money import Currency, Money
from pos.reports.closing import corrections
from pos.reports.closing.corrections import CorrectionView, CountChange, about_day
from pos.reports.closing.day_view import CorrectionLine, DayLine, DayView, OpenTill, ZSums
from pos.states import ShiftStatus
from pos.version import __version__
from pos.words import _, joined

_Row = TypeVar("_Row")
Counted = dict[int, tuple[CountChange, ...]]
"""What was counted after the close, by the report's id."""

_SUMMED = ("count", "amount", "refunded")
"""What is added where two reports have a row of the same kind; the rest says which kind."""


def gather(store: Store, on: date) -> DayView:
    """Return the sum of the Z reports of the shifts that were opened on a business day."""
    corrected = [(row, corrections.from_json(row.body)) for row in about_day(store.id, on)]
    counted = {row.z_report_id: it.told.counts for row, it in corrected if it.told.counts}
    reports = _reports(store.id, on, counted)
    cash = [one.cash for one in reports if one.cash]
    return DayView(
        merchant_name=store.merchant.name,
        store_name=store.name,
        business_day=on,
        seen_at=clock.now(),
        version=__version__,
        reports=reports,
        open_tills=_open_tills(store.id, on),
        lines=tuple(line for currency in Currency if (line := _line(currency, reports))),
        totals=_added(row for one in reports for row in one.totals),
        cash=_added(row for one in cash for row in one.totals),
        refunds=_added(row for one in reports if one.refunds for row in one.refunds.totals),
        marked=_added(row for one in reports for row in one.marked),
        rounding=Money(sum(one.rounding.minor for one in cash), Currency.KHR),
        keyed_rounding=_keyed(reports),
        tips=_added(row for one in reports for row in one.tips),
        discounts=_added(row for one in reports for row in one.discounts),
        held=_added(row for one in reports if one.held_money for row in one.held_money.totals),
        no_sales=sum(one.no_sales for one in cash),
        corrections=tuple(_correction(row, it) for row, it in corrected),
    )


@cache
def _adapter() -> TypeAdapter[ZSums]:
    return TypeAdapter(ZSums)


def sums_of(body: str) -> ZSums:
    """Read the sums out of a stored report; its lines, which may be thousands, are passed over."""
    return _adapter().validate_json(body)


def _keyed(reports: tuple[ZSums, ...]) -> Money:
    return Money(
        sum(one.keyed_rounding.minor for one in reports if one.keyed_rounding), Currency.KHR
    )


def _correction(row: Correction, view: CorrectionView) -> CorrectionLine:
    told = view.told
    over = joined(*(str(one.over) for one in told.counts))
    return CorrectionLine(
        name=row.name,
        till_name=view.till_name,
        z_number=view.z_number,
        what=KIND[row.kind],
        told=str(told.amount) if told.amount else _("over or short %(sums)s", sums=over),
    )


def _reports(store_id: int, on: date, counted: Counted) -> tuple[ZSums, ...]:
    """Read the sums of a day; a drawer that was counted later counts as it was counted last."""
    query = (
        select(ZReport.id, ZReport.body)
        .join(Shift, Shift.id == ZReport.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .where(Till.store_id == store_id, Shift.business_date == on)
        .order_by(Till.name, ZReport.number)
    )
    return tuple(
        _recounted(sums_of(body), counted.get(report_id, ()))
        for report_id, body in db.session.execute(query)
    )


def _recounted(z: ZSums, counts: tuple[CountChange, ...]) -> ZSums:
    if z.cash is None or not counts:
        return z
    found = {one.currency: one for one in counts}
    lines = tuple(
        replace(line, counted=found[line.currency].counted, over=found[line.currency].over)
        for line in z.cash.lines
    )
    return replace(z, cash=replace(z.cash, lines=lines))


def _open_tills(store_id: int, on: date) -> tuple[OpenTill, ...]:
    query = (
        select(Shift)
        .join(Till, Till.id == Shift.till_id)
        .where(Till.store_id == store_id, Shift.business_date == on, Shift.closed_at.is_(None))
        .order_by(Till.name)
    )
    return tuple(
        OpenTill(
            till_name=shift.till_name,
            cashier_name=shift.cashier_name,
            opened_at=shift.opened_at,
            is_counting=shift.status is ShiftStatus.COUNTING,
        )
        for shift in db.session.scalars(query)
    )


def _added(rows: Iterable[_Row]) -> tuple[_Row, ...]:
    """Add rows of the same kind, each kind once; what lessens no sale stands last."""
    sums: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        told: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(row)}  # type: ignore[arg-type]
        kind = tuple(value for name, value in told.items() if name not in _SUMMED)
        if (old := sums.get(kind)) is not None:
            more = {name: getattr(old, name) + told[name] for name in _SUMMED if name in told}
            sums[kind] = replace(old, **more)
        else:
            sums[kind] = row
    return tuple(sums[kind] for kind in sorted(sums, key=lambda it: (False in it, str(it))))


def _line(currency: Currency, reports: tuple[ZSums, ...]) -> DayLine | None:
    """Sum one currency of a day; None where no report has anything in it."""

    def total(amounts: Iterable[Money | None]) -> Money:
        found = (one.minor for one in amounts if one and one.currency is currency)
        return Money(sum(found), currency)

    cash = [row for one in reports if one.cash for row in one.cash.totals]
    back = [row for one in reports if one.refunds for row in one.refunds.totals if row.of_sales]
    drawers = [row for one in reports if one.cash for row in one.cash.lines]
    khqr = total(row.amount for one in reports for row in one.totals)
    paid = total(row.amount for row in cash)
    refunds = total(row.amount for row in back) + total(row.refunded for row in cash)
    moved = {
        name: total(getattr(row, name) for row in drawers)
        for name in ("given", "change", "refunds", "paid_in", "paid_out")
    }
    line = DayLine(
        currency=currency,
        khqr=khqr,
        cash=paid,
        refunds=refunds,
        net=khqr + paid - refunds,
        given=moved["given"],
        change=moved["change"],
        cash_refunds=moved["refunds"],
        paid_in=moved["paid_in"],
        paid_out=moved["paid_out"],
        kept=_kept(moved),
        over=total(row.over for row in drawers),
    )
    return line if any(_amounts(line)) else None


def _kept(moved: dict[str, Money]) -> Money:
    out = moved["change"] + moved["refunds"] + moved["paid_out"]
    return moved["given"] + moved["paid_in"] - out


def _amounts(line: DayLine) -> Iterable[int]:
    return (
        value.minor for one in fields(line) if isinstance(value := getattr(line, one.name), Money)
    )
