"""A sale that is completed: the money that was held for it is the shop's from now on."""

from sqlalchemy import Select, func, select

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db
from pos.models import CashMovement, Deed, OutsideSale, Payment, Refund, Release
from pos.plans import HOLDS
from pos.reports.online import planned
from pos.reports.online.planned import PlanView
from pos.services.auditing import audit
from pos.services.online import tills
from pos.services.plans import choosing
from pos.services.selling import checkout
from pos.states import REFUND_CALLS, REFUND_OPEN
from pos.words import _


def complete(sale: OutsideSale, *, who: str) -> Release:
    """Release the money that is held for a sale; asking again gives the release there is.

    It stands in the report of the store's online till. Refused while it is not paid in full, or
    some of its money may be on its way back, and where nothing is held.
    """
    outside_id, shift_id = sale.id, tills.open_shift(sale.store_id)
    with writing(db.session):
        turns = choosing.take_turns(outside_id, shift_id)
        checkout.selling_shift(shift_id)
        row = db.session.get_one(
            OutsideSale, outside_id, populate_existing=True, with_for_update=True
        )
        view = planned.standing(row)
        if view is None or view.kind not in HOLDS:
            raise Refused(_("No money is held for this sale."))
        known = db.session.scalar(select(Release).where(Release.plan_id == view.plan_id))
        if known is not None:
            return known
        sale_ids = [one.sale_id for one in view.parts if one.sale_id]
        _refuse_unfit(view, sale_ids)
        if not turns >= choosing.tills_of(outside_id):
            raise Refused(_("It was paid at this moment. Try again."))
        release = _row(view, sale_ids, shift_id, who)
        db.session.add(release)
        db.session.flush()
        told = {"amount": release.amount.plain, "currency": str(release.currency)}
        audit.note(Deed.SALE_COMPLETED, who, row.number, row.store_id, **told)
    return release


def _refuse_unfit(view: PlanView, sale_ids: list[int]) -> None:
    if view.due.minor:
        raise Refused(_("%(amount)s of this sale is not paid yet.", amount=view.due))
    if not all(one.is_proven for one in view.parts):
        raise Refused(_("A part was marked as paid, and the bank has not confirmed it."))
    open_ones = _refunds(sale_ids).where(Refund.status.in_(REFUND_OPEN | REFUND_CALLS))
    if db.session.scalar(open_ones.limit(1)) is not None:
        raise Refused(_("Money of this sale may be on its way back. Look at its refund first."))
    if view.held.minor <= 0:
        raise Refused(_("No money is held for this sale."))


def _refunds(sale_ids: list[int]) -> Select[int]:
    query = select(Refund.id).join(Payment, Payment.id == Refund.payment_id)
    return query.where(Payment.sale_id.in_(sale_ids))


def _row(view: PlanView, sale_ids: list[int], shift_id: int, who: str) -> Release:
    moved = select(func.max(CashMovement.id)).where(CashMovement.sale_id.in_(sale_ids))
    returned = _refunds(sale_ids).order_by(Refund.id.desc()).limit(1)
    return Release(
        plan_id=view.plan_id,
        shift_id=shift_id,
        amount_minor=view.held.minor,
        currency=view.held.currency,
        last_refund_id=db.session.scalar(returned) or 0,
        last_movement_id=db.session.scalar(moved) or 0,
        who=who,
        at=clock.now(),
    )
