"""Which instalment may be charged now: the one that is due, and no other by mistake."""

from sqlalchemy import select

from pos.errors import Refused, SaleAlreadyPaid
from pos.extensions import db
from pos.models import Instalment, OutsideSale, Sale, Shift
from pos.plans import PartName
from pos.reports.online import planned
from pos.reports.online.planned import PartState, PlanView
from pos.services.settling import payments
from pos.words import _


def to_charge(sale: OutsideSale, named: PartName | None) -> Instalment | None:
    """Return the instalment of a sale that is due; None where it has no plan.

    Who names one means that one and no later: a request that is sent again after the money came
    must not charge the next. SaleAlreadyPaid for one that is paid, Refused for a later one.
    """
    view = planned.standing(sale)
    if view is None:
        if named is not None:
            raise Refused(_("This sale is not paid in parts."))
        return None
    if named is not None:
        _refuse_named(view, named)
    part = view.next
    if part is None:
        raise Refused(_("Money of this sale went back. Nothing more is charged for it."))
    return db.session.get_one(Instalment, part.id)


def _refuse_named(view: PlanView, named: PartName) -> None:
    part = next((one for one in view.parts if one.name is named), None)
    if part is None:
        raise Refused(_("The plan of this sale has no such part."))
    if part.state in (PartState.PAID, PartState.REFUNDED):
        raise SaleAlreadyPaid(_("This part is already paid."))
    if part.state is PartState.LATER:
        raise Refused(_("The part before it is paid first."))


def take_turns(outside_id: int, shift_id: int) -> frozenset[int]:
    """Wait for the other writers at a shift's till and at those of the sale; return these tills.

    In the order of the tills, so that no two wait for each other.
    """
    mine = select(Shift.till_id).where(Shift.id == shift_id)
    tills = tills_of(outside_id).union(db.session.scalars(mine))
    for till_id in sorted(tills):
        payments.take_turn(till_id)
    return tills


def tills_of(outside_id: int) -> frozenset[int]:
    """Return the tills at which an outside sale was paid, or was to be."""
    query = select(Sale.till_id).where(planned.sales_of(outside_id)).distinct()
    return frozenset(db.session.scalars(query))
