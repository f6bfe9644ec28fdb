"""What a shift's report says of money that is held: deposits and milestones of sales in parts.

What is held is within what was paid, and owed to the customer: until the sale is completed, which
releases it, or it goes back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pos.extensions import db
from pos.models import (
    CashMovement,
    GatewayTransaction,
    Instalment,
    OutsidePart,
    Payment,
    Plan,
    Refund,
    Release,
    Sale,
    Shift,
    Tender,
)
from pos.money import Currency, Money
from pos.plans import HOLDS
from pos.reports.closing.settled import BY_BANK, SETTLES
from pos.states import RefundStatus, SaleStatus
from pos.words import _


class HeldKind(StrEnum):
    """What became of money that is held."""

    HELD = "held"
    RELEASED = "released"
    REFUNDED = "refunded"


KIND: dict[HeldKind, str] = {
    HeldKind.HELD: _("Taken to hold"),
    HeldKind.RELEASED: _("Released"),
    HeldKind.REFUNDED: _("Given back of it"),
}
"""Each as pages and paper call it."""


@dataclass(frozen=True, kw_only=True)
class HeldTotal:
    """What was taken to hold, released or given back in one currency."""

    kind: HeldKind
    kind_text: str
    currency: Currency
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class HeldMoney:
    """The held money of a shift; `refund_ids` are the refunds by way of the bank among it."""

    totals: tuple[HeldTotal, ...] = ()
    refund_ids: tuple[int, ...] = ()


Query = Select[*tuple[Any, ...]]

_SHIFT = bindparam("shift_id", type_=Integer)


def _of_a_plan(query: Query, sale_id: InstrumentedAttribute[int]) -> Query:
    """Keep of a query what is about sales by which instalments that are held are paid."""
    return (
        query.join(OutsidePart, OutsidePart.sale_id == sale_id)
        .join(Instalment, Instalment.id == OutsidePart.instalment_id)
        .join(Plan, Plan.id == Instalment.plan_id)
        .outerjoin(Release, Release.plan_id == Plan.id)
        .where(Plan.kind.in_(HOLDS))
    )


_PLAN = select(Plan.id).limit(1)
_BY_BANK = _of_a_plan(
    select(Sale.currency, Sale.amount_minor)
    .select_from(Payment)
    .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
    .join(Sale, Sale.id == Payment.sale_id),
    Sale.id,
).where(Payment.paid_shift_id == _SHIFT, BY_BANK)
_BY_CASH = _of_a_plan(
    select(Sale.currency, Sale.amount_minor)
    .select_from(Tender)
    .join(Sale, Sale.id == Tender.sale_id),
    Sale.id,
).where(Tender.shift_id == _SHIFT, *SETTLES)
_RELEASED = select(Release.currency, Release.amount_minor).where(Release.shift_id == _SHIFT)
_CASH_BACK = _of_a_plan(
    select(Sale.currency, CashMovement.worth_minor)
    .select_from(CashMovement)
    .join(Sale, Sale.id == CashMovement.sale_id),
    Sale.id,
).where(
    CashMovement.shift_id == _SHIFT,
    Sale.status == SaleStatus.PAID,
    or_(Release.id.is_(None), CashMovement.id <= Release.last_movement_id),
)
_REFUNDS = _of_a_plan(
    select(Refund.currency, Refund.amount_minor, Refund.id, Refund.shift_id, Payment.paid_shift_id)
    .select_from(Refund)
    .join(Payment, Payment.id == Refund.payment_id)
    .join(GatewayTransaction, GatewayTransaction.id == Refund.transaction_id),
    Payment.sale_id,
).where(
    or_(Refund.shift_id == _SHIFT, Payment.paid_shift_id == _SHIFT),
    Refund.status == RefundStatus.DONE,
    BY_BANK,
    or_(Release.id.is_(None), Refund.id <= Release.last_refund_id),
)


def of_shift(shift: Shift) -> HeldMoney | None:
    """Return the held money of a shift, as the books say now; None where there was none.

    A refund counts in the later of the shift it was made in and the one its money counts in.
    """
    if db.session.scalar(_PLAN) is None:
        return None
    back = [row for row in _rows(_REFUNDS, shift.id) if max(row[3] or 0, row[4] or 0) == shift.id]
    found = _totals(shift.id, back)
    return HeldMoney(totals=found, refund_ids=tuple(row[2] for row in back)) if found else None


def of_rows(shift_id: int, refund_ids: Iterable[int]) -> tuple[HeldTotal, ...]:
    """Return the sums of a shift again, of refunds only those that its report counted."""
    if db.session.scalar(_PLAN) is None:
        return ()
    told = set(refund_ids)
    return _totals(shift_id, [row for row in _rows(_REFUNDS, shift_id) if row[2] in told])


def _totals(shift_id: int, back: Iterable[Any]) -> tuple[HeldTotal, ...]:
    sums = {
        HeldKind.HELD: [*_rows(_BY_BANK, shift_id), *_rows(_BY_CASH, shift_id)],
        HeldKind.RELEASED: _rows(_RELEASED, shift_id),
        HeldKind.REFUNDED: [*back, *_rows(_CASH_BACK, shift_id)],
    }
    return tuple(total for kind, rows in sums.items() for total in _added(kind, rows))


def _rows(query: Query, shift_id: int) -> list[Any]:
    return list(db.session.execute(query, {"shift_id": shift_id}))


def _added(kind: HeldKind, rows: Iterable[Any]) -> Iterable[HeldTotal]:
    found: dict[Currency, list[int]] = defaultdict(list)
    for currency, minor, *_which in rows:
        found[currency].append(minor)
    for currency in Currency:
        if some := found.get(currency):
            amount = Money(sum(some), currency)
            yield HeldTotal(
                kind=kind, kind_text=KIND[kind], currency=currency, count=len(some), amount=amount
            )
