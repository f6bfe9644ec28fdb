"""How a sale that is paid in parts stands: each instalment, and what is held of its money."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select

from pos.extensions import db
from pos.models import (
    CashMovement,
    GatewayTransaction,
    Instalment,
    OutsidePart,
    OutsideSale,
    Payment,
    Plan,
    Refund,
    Release,
    Sale,
    Tender,
)
from pos.money import Money
from pos.plans import HOLDS, PartName, PlanKind
from pos.states import RefundStatus, SaleStatus


class PartState(StrEnum):
    """How an instalment stands."""

    PAID = "paid"
    REFUNDED = "refunded"
    """All of it went back."""
    DUE = "due"
    LATER = "later"
    """Those before it are not paid."""


@dataclass(frozen=True, kw_only=True)
class PartView:
    """One instalment; `sale_id` is the sale that paid it, `is_proven` whether money did.

    A manager's word alone, while the bank could not be asked, proves nothing.
    """

    id: int
    number: int
    name: PartName
    amount: Money
    state: PartState
    refunded: Money
    paid_at: datetime | None = None
    sale_id: int | None = None
    is_proven: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """A plan with its instalments; `held` is what the shop has of it and still owes."""

    plan_id: int
    kind: PlanKind
    price: Money
    total: Money
    paid: Money
    held: Money
    released: Money
    refunded: Money
    completed_at: datetime | None
    parts: tuple[PartView, ...]

    @property
    def discount(self) -> Money:
        """What is taken off for paying at once."""
        return self.price - self.total

    @property
    def due(self) -> Money:
        """What is still to be paid in all."""
        return self.total - self.paid

    @property
    def next(self) -> PartView | None:
        """The instalment that is due now; None once all are paid, or one went back whole."""
        if any(one.state is PartState.REFUNDED for one in self.parts):
            return None
        return next((one for one in self.parts if one.state is PartState.DUE), None)


_PAID = (
    exists().where(GatewayTransaction.settles_sale_id == Sale.id),
    Sale.amount_minor
    == select(func.sum(Tender.settles_minor))
    .where(Tender.sale_id == Sale.id)
    .correlate(Sale)
    .scalar_subquery(),
)


def standing(sale: OutsideSale) -> PlanView | None:
    """Return how the plan of an outside sale stands now; None where it has none."""
    plan = db.session.scalar(select(Plan).where(Plan.outside_id == sale.id))
    if plan is None:
        return None
    rows = select(Instalment).where(Instalment.plan_id == plan.id).order_by(Instalment.number)
    paid_by = _paid(sale.id)
    back = money_back([int(row.sale_id) for row in paid_by.values()])
    parts: list[PartView] = []
    for one in db.session.scalars(rows):
        is_next = all(it.paid_at for it in parts)
        parts.append(_part(one, paid_by.get(one.id), back, is_next=is_next))
    return _view(plan, sale, tuple(parts))


def _paid(outside_id: int) -> dict[int, Row[Any]]:
    query = (
        select(OutsidePart.instalment_id, OutsidePart.sale_id, Sale.paid_at)
        .add_columns(or_(*_PAID).label("is_proven"))
        .join(Sale, Sale.id == OutsidePart.sale_id)
        .where(OutsidePart.outside_id == outside_id, Sale.status == SaleStatus.PAID)
    )
    return {row.instalment_id: row for row in db.session.execute(query)}


def money_back(sale_ids: list[int]) -> dict[int, int]:
    """Return how much of the money of paid sales went back, in minor units; open ones not yet."""
    by_bank = (
        select(Payment.sale_id, func.sum(Refund.amount_minor))
        .join(Refund, Refund.payment_id == Payment.id)
        .join(GatewayTransaction, GatewayTransaction.id == Refund.transaction_id)
        .where(Payment.sale_id.in_(sale_ids), Refund.status == RefundStatus.DONE)
        .where(GatewayTransaction.settles_sale_id == Payment.sale_id)
        .group_by(Payment.sale_id)
    )
    in_cash = (
        select(CashMovement.sale_id, func.sum(CashMovement.worth_minor))
        .where(CashMovement.sale_id.in_(sale_ids))
        .group_by(CashMovement.sale_id)
    )
    found = dict.fromkeys(sale_ids, 0)
    for query in (by_bank, in_cash):
        for sale_id, minor in db.session.execute(query):
            found[int(sale_id or 0)] += int(minor)
    return found


def _part(
    row: Instalment, paid: Row[Any] | None, back: dict[int, int], *, is_next: bool
) -> PartView:
    refunded = Money(back[paid.sale_id] if paid else 0, row.currency)
    state = PartState.DUE if is_next else PartState.LATER
    if paid:
        is_back = refunded.minor >= row.amount_minor
        state = PartState.REFUNDED if is_back else PartState.PAID
    return PartView(
        id=row.id,
        number=row.number,
        name=row.name,
        amount=row.amount,
        state=state,
        refunded=refunded,
        paid_at=paid.paid_at if paid else None,
        sale_id=paid.sale_id if paid else None,
        is_proven=bool(paid and paid.is_proven),
    )


def _view(plan: Plan, sale: OutsideSale, parts: tuple[PartView, ...]) -> PlanView:
    release = db.session.scalar(select(Release).where(Release.plan_id == plan.id))
    nothing = Money(0, plan.currency)
    refunded = sum((one.refunded for one in parts), nothing)
    proven = sum((one.amount for one in parts if one.is_proven), nothing)
    is_held = plan.kind in HOLDS and release is None
    return PlanView(
        plan_id=plan.id,
        kind=plan.kind,
        price=plan.price,
        total=sale.amount,
        paid=sum((one.amount for one in parts if one.sale_id), nothing),
        held=proven - refunded if is_held else nothing,
        released=release.amount if release else nothing,
        refunded=refunded,
        completed_at=release.at if release else None,
        parts=parts,
    )


def sales_of(outside_id: int) -> ColumnElement[bool]:
    """Return the condition that a sale is, or was to be, a part of an outside sale."""
    parts = select(OutsidePart.sale_id).where(OutsidePart.outside_id == outside_id)
    return Sale.id.in_(parts)
