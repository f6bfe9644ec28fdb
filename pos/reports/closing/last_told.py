"""How far a till's reports have told: each goes on where the one before it ended.

What counts is the order in which things were booked and not the time: that may have been set back.
"""

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Integer, ScalarSelect, bindparam, func, select

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


_TILL = bindparam("till_id", type_=Integer)


def _newest(table: type[GatewayTransaction | Resolution], after: str) -> ScalarSelect[int]:
    """Select the newest row of a till's payments, after one that is known.

    Not by the till's index: from the newest row backwards the till's own comes soon.
    """
    query = select(table.id).join(Payment, Payment.id == table.payment_id)
    query = query.where(Payment.till_id + 0 == _TILL, table.id > bindparam(after))
    return query.order_by(table.id.desc()).limit(1).scalar_subquery()


_DENIED = select(func.max(PaymentEvent.id)).where(
    PaymentEvent.payment_id.in_(
        select(Payment.id).where(Payment.till_id == _TILL, Payment.remark.is_not(None))
    ),
    PaymentEvent.name.in_(DENIALS),
)
_UNTIL = select(
    _newest(GatewayTransaction, "last_money_id"),
    _DENIED.scalar_subquery(),
    _newest(Resolution, "last_decision_id"),
)
"""The fields of a `Last`, in its order, in one query."""

_BEFORE = (
    select(ZReport.body)
    .where(ZReport.till_id == _TILL, ZReport.shift_id < bindparam("shift_id"))
    .order_by(ZReport.number.desc())
    .limit(1)
)


@cache
def _adapter() -> TypeAdapter[Last]:
    return TypeAdapter(Last)


def until(shift: Shift, told: Last) -> Last:
    """Return the newest money, denial and decision that were booked at a shift's till.

    It looks no further back than the till's report before told: there may be a million behind it.
    """
    so_far = vars(told)
    found = db.session.execute(_UNTIL, {"till_id": shift.till_id, **so_far}).one()
    newest = zip(so_far.items(), found, strict=True)
    return Last(**{name: max(new or 0, before) for (name, before), new in newest})


def before(shift: Shift) -> Last:
    """Return the newest things that the till's report before this shift could tell of."""
    body = db.session.scalar(_BEFORE, {"till_id": shift.till_id, "shift_id": shift.id})
    return _adapter().validate_json(body) if body else Last()
