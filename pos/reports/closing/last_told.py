"""How far a till's reports have told: each goes on where the one before it ended.

What counts is the order in which things were booked and not the time: that may have been set back.
"""

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import func, select

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Resolution, Shift, ZReport
from pos.states import EventName

DENIALS = (EventName.MARK_DENIED, EventName.UNCONFIRMED)
"""Events by which a bank takes back what was held for paid."""


@dataclass(frozen=True, kw_only=True)
class Last:
    """The newest piece of money, denial of the bank and decision of a till, by their numbers.

    The names are those under which a report keeps them.
    """

    last_money_id: int = 0
    last_denial_id: int = 0
    last_decision_id: int = 0


@cache
def _adapter() -> TypeAdapter[Last]:
    return TypeAdapter(Last)


def until(shift: Shift) -> Last:
    """Return the newest money, denial and decision that were booked at a shift's till.

    It looks no further back than to the till's report before: there may be a million behind it.
    """
    told = before(shift)
    # Not by the till's index: from the newest row backwards the till's own comes soon.
    at_till = Payment.till_id + 0 == shift.till_id

    def newest(table: type[GatewayTransaction | Resolution], after: int) -> int:
        query = select(table.id).join(Payment, Payment.id == table.payment_id)
        query = query.where(at_till, table.id > after).order_by(table.id.desc()).limit(1)
        return db.session.scalar(query) or after

    remarked = select(Payment.id).where(
        Payment.till_id == shift.till_id, Payment.remark.is_not(None)
    )
    denied = select(func.max(PaymentEvent.id)).where(
        PaymentEvent.payment_id.in_(remarked), PaymentEvent.name.in_(DENIALS)
    )
    return Last(
        last_money_id=newest(GatewayTransaction, told.last_money_id),
        last_denial_id=max(db.session.scalar(denied) or 0, told.last_denial_id),
        last_decision_id=newest(Resolution, told.last_decision_id),
    )


def before(shift: Shift) -> Last:
    """Return the newest things that the till's report before this shift could tell of."""
    query = (
        select(ZReport.body)
        .where(ZReport.till_id == shift.till_id, ZReport.shift_id < shift.id)
        .order_by(ZReport.number.desc())
        .limit(1)
    )
    body = db.session.scalar(query)
    return _adapter().validate_json(body) if body else Last()
