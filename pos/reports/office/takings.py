"""What was taken, where, when and by whom: counted and summed by the database.

Taken is what a Z report counts: money that the bank reported for a sale, and cash. What was
marked by hand is no money yet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    case,
    func,
    literal,
    select,
    type_coerce,
    union,
    union_all,
)

from pos import clock
from pos.extensions import db
from pos.models import (
    CashMovement,
    Discount,
    GatewayTransaction,
    Payment,
    Refund,
    Sale,
    Tender,
    User,
)
from pos.money import Currency, Money
from pos.reports.closing import exceptions
from pos.reports.office.spans import Span, shifts_of
from pos.states import MovementKind, RefundStatus, SaleStatus

CASH = "cash"
_HOUR_MS = 3_600_000
_THURSDAY = 3
"""1 January 1970 was one; Monday is 0."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Money of one kind, at one till, by one cashier, in one hour of one weekday.

    `way` is the gateway, or "cash"; `is_in_time` says that as much of its span had passed as
    has passed of the one it is held against.
    """

    currency: Currency
    way: str
    till_id: int
    cashier_id: int
    weekday: int
    hour: int
    is_in_time: bool
    minor: int


@dataclass(frozen=True, kw_only=True)
class Sum:
    """So many of something in one currency, and what they come to."""

    currency: Currency
    count: int
    amount: Money

    @property
    def average(self) -> Money:
        """What one comes to, to the cent or the riel."""
        return Money((self.amount.minor * 2 + self.count) // (self.count * 2), self.currency)


def taken(user: User, span: Span, until: datetime) -> list[Taken]:
    """Return what was taken; `until` is the instant up to which it is in time."""
    shifts = shifts_of(user, span)
    rows = db.session.execute(union_all(*_ways(shifts, span, until)))
    return [
        Taken(
            currency=Currency(row[0]),
            way=row[1],
            till_id=row[2],
            cashier_id=row[3],
            weekday=int(row[4]),
            hour=int(row[5]),
            is_in_time=bool(row[6]),
            minor=int(row[7]),
        )
        for row in rows
    ]


def total(rows: Iterable[Taken], of: Callable[[Taken], bool]) -> dict[Currency, int]:
    """Return the sum of some of it by currency, in minor units."""
    sums = dict.fromkeys(Currency, 0)
    for row in rows:
        if of(row):
            sums[row.currency] += row.minor
    return sums


def _ways(shifts: CTE, span: Span, until: datetime) -> tuple[Select[Any], Select[Any]]:
    money = GatewayTransaction
    khqr = (
        _grouped(shifts, span, until, money.currency, money.gateway, money.paid_at,
                 money.amount_minor)
        .join(Payment, Payment.paid_shift_id == shifts.c.id)
        .join(money, money.payment_id == Payment.id)
        .where(money.settles_sale_id == Payment.sale_id)
    )  # fmt: skip
    cash = _grouped(
        shifts, span, until, Tender.currency, literal(CASH), Tender.taken_at, Tender.settles_minor
    ).join(Tender, Tender.shift_id == shifts.c.id)
    return khqr, cash


def _grouped(
    shifts: CTE, span: Span, until: datetime, currency: Any, way: Any, at: Any, minor: Any
) -> Select[Any]:
    """Sum one kind of money by all that a page tells apart: so many rows, however many days."""
    ms = type_coerce(at, BigInteger)
    zone = clock.shop_time(span.instants[0]).utcoffset() or timedelta()
    hours = (ms + literal(zone // timedelta(milliseconds=1))) // _HOUR_MS
    days = (hours - span.starts_hour) // 24
    is_in_time = case((ms < clock.epoch_ms(until), 1), else_=0)
    which: tuple[ColumnElement[Any], ...] = (
        currency,
        way,
        shifts.c.till_id,
        shifts.c.cashier_id,
        (days + _THURSDAY) % 7,
        hours % 24,
        is_in_time,
    )
    numbers = [one.label(f"of_{at}") for at, one in enumerate(which)]
    return select(*numbers, func.sum(minor)).select_from(shifts).group_by(*numbers)


def sold(user: User, span: Span) -> tuple[tuple[Sum, ...], tuple[Sum, ...]]:
    """Return the paid sales by currency, each counted once however it was paid, and their tips.

    Tips are in what was sold, and in what was taken.
    """
    shifts = shifts_of(user, span)
    by_money = (
        select(Payment.sale_id)
        .join(shifts, Payment.paid_shift_id == shifts.c.id)
        .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .where(GatewayTransaction.settles_sale_id == Payment.sale_id)
    )
    by_cash = select(Tender.sale_id).join(shifts, Tender.shift_id == shifts.c.id)
    ids = union(by_money, by_cash).subquery()
    tipped = case((Sale.tip_minor > 0, 1), else_=0)
    sums = func.sum(Sale.amount_minor), func.sum(tipped), func.sum(Sale.tip_minor)
    query = select(Sale.currency, func.count(), *sums).join(ids, ids.c.sale_id == Sale.id)
    rows = db.session.execute(
        query.where(Sale.status == SaleStatus.PAID).group_by(Sale.currency)
    ).all()
    return _listed((row[0], row[1], row[2]) for row in rows), _listed(
        (row[0], row[3], row[4]) for row in rows if row[3]
    )


def discounts(user: User, span: Span) -> tuple[Sum, ...]:
    """Return what was taken off the paid sales that were made in these days."""
    shifts = shifts_of(user, span)
    query = (
        select(Discount.currency, func.count(), func.sum(Discount.minor))
        .join(Sale, Sale.discount_id == Discount.id)
        .join(shifts, Discount.shift_id == shifts.c.id)
        .where(Sale.status == SaleStatus.PAID)
    )
    return _sums(query.group_by(Discount.currency))


def given_back(user: User, span: Span) -> tuple[Sum, ...]:
    """Return what went back of sales in these days: through the bank, and out of the drawer."""
    shifts, (begins, ends) = shifts_of(user, span), span.instants
    tills = exceptions.tills_of(user)
    by_bank = (
        select(Refund.currency, Refund.amount_minor.label("minor"))
        .join(Payment, Payment.id == Refund.payment_id)
        .join(GatewayTransaction, GatewayTransaction.id == Refund.transaction_id)
        .where(Refund.status == RefundStatus.DONE, Refund.ended_at >= begins)
        .where(Refund.ended_at < ends, Payment.till_id.in_(tills))
        .where(GatewayTransaction.settles_sale_id.is_not(None))
    )
    in_cash = (
        select(Sale.currency, CashMovement.worth_minor.label("minor"))
        .join(CashMovement, CashMovement.sale_id == Sale.id)
        .join(shifts, CashMovement.shift_id == shifts.c.id)
        .where(CashMovement.kind == MovementKind.REFUND)
    )
    both = union_all(by_bank, in_cash).subquery()
    query = select(both.c.currency, func.count(), func.sum(both.c.minor))
    return _sums(query.group_by(both.c.currency))


def _sums(query: Select[*tuple[Any, ...]]) -> tuple[Sum, ...]:
    return _listed(tuple(row) for row in db.session.execute(query))


def _listed(rows: Iterable[tuple[Any, ...]]) -> tuple[Sum, ...]:
    found = {row[0]: row for row in rows}
    return tuple(
        Sum(currency=of, count=int(found[of][1]), amount=Money(int(found[of][2]), of))
        for of in Currency
        if of in found
    )
