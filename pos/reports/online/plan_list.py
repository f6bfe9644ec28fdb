"""The sales in parts of a store, as its people look for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from pos.errors import NotFound
from pos.extensions import db
from pos.models import OutsidePart, OutsideSale, Plan, Release, Sale
from pos.money import Money
from pos.plans import PartName, PlanKind
from pos.reports.online.planned import PartState
from pos.states import SaleStatus
from pos.words import _

MOST = 30

KIND: dict[PlanKind, str] = {
    PlanKind.FULL: _("At once, for less"),
    PlanKind.DEPOSIT: _("Deposit and the rest"),
    PlanKind.MILESTONES: _("Milestones"),
}
PART: dict[PartName, str] = {
    PartName.FULL: _("All of it"),
    PartName.DEPOSIT: _("Deposit"),
    PartName.BALANCE: _("The rest"),
    PartName.MILESTONE_1: _("First milestone"),
    PartName.MILESTONE_2: _("Second milestone"),
    PartName.MILESTONE_3: _("Third milestone"),
}
STATE: dict[PartState, str] = {
    PartState.PAID: _("Paid"),
    PartState.REFUNDED: _("Given back"),
    PartState.DUE: _("Due now"),
    PartState.LATER: _("Later"),
}
"""Each as the pages call it."""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A sale in parts in a list."""

    id: int
    number: str
    reference: str
    kind_text: str
    made_at: datetime
    total: Money
    paid: Money
    completed_at: datetime | None

    @property
    def due(self) -> Money:
        """What is still to be paid."""
        return self.total - self.paid


def of_store(store_id: int, name: str = "") -> Sequence[PlanLine]:
    """Return the newest sales in parts of a store, or those of a reference or number."""
    paid = (
        select(func.coalesce(func.sum(Sale.amount_minor), 0))
        .join(OutsidePart, OutsidePart.sale_id == Sale.id)
        .where(OutsidePart.outside_id == OutsideSale.id, Sale.status == SaleStatus.PAID)
        .correlate(OutsideSale)
        .scalar_subquery()
    )
    query = (
        select(OutsideSale, Plan.kind, Release.at, paid)
        .join(Plan, Plan.outside_id == OutsideSale.id)
        .outerjoin(Release, Release.plan_id == Plan.id)
        .where(OutsideSale.store_id == store_id)
    )
    if name:
        query = query.where(or_(OutsideSale.reference == name, OutsideSale.number == name))
    rows = db.session.execute(query.order_by(OutsideSale.id.desc()).limit(MOST))
    return [
        PlanLine(
            id=sale.id,
            number=sale.number,
            reference=sale.reference,
            kind_text=KIND[kind],
            made_at=sale.made_at,
            total=sale.amount,
            paid=Money(int(minor), sale.currency),
            completed_at=completed_at,
        )
        for sale, kind, completed_at, minor in rows
    ]


def find(store_id: int, outside_id: int) -> OutsideSale:
    """Return a sale in parts of a store; NotFound for any other."""
    query = select(OutsideSale).join(Plan, Plan.outside_id == OutsideSale.id)
    found = db.session.scalar(
        query.where(OutsideSale.id == outside_id, OutsideSale.store_id == store_id)
    )
    if found is None:
        raise NotFound(_("There is no such sale."))
    return found
