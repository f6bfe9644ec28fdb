"""What a sale that is paid in parts looks like to other programs."""

from datetime import datetime

from pydantic import BaseModel, Field

from pos.models import OutsideSale
from pos.plans import PartName, PlanKind
from pos.reports.online import planned
from pos.reports.online.planned import PartState, PartView


class InstalmentOut(BaseModel):
    """One part of a plan."""

    name: PartName
    amount: str
    state: PartState = Field(description="One is `due` at a time; those after it are `later`.")
    refunded: str
    paid_at: datetime | None


class PlanOut(BaseModel):
    """How a sale is paid in parts, and what is held of its money."""

    kind: PlanKind
    price: str = Field(description="Before the discount for paying at once.")
    discount: str
    paid: str
    due: str = Field(description="What is still to be paid in all.")
    held: str = Field(description="Paid, owed to the customer until the sale is completed.")
    released: str
    refunded: str
    completed_at: datetime | None
    instalments: list[InstalmentOut]


def plan_out(sale: OutsideSale) -> PlanOut | None:
    """Return how the plan of a sale looks; None where it has none."""
    view = planned.standing(sale)
    if view is None:
        return None
    return PlanOut(
        kind=view.kind,
        price=view.price.plain,
        discount=view.discount.plain,
        paid=view.paid.plain,
        due=view.due.plain,
        held=view.held.plain,
        released=view.released.plain,
        refunded=view.refunded.plain,
        completed_at=view.completed_at,
        instalments=[_part(one) for one in view.parts],
    )


def _part(one: PartView) -> InstalmentOut:
    return InstalmentOut(
        name=one.name,
        amount=one.amount.plain,
        state=one.state,
        refunded=one.refunded.plain,
        paid_at=one.paid_at,
    )
