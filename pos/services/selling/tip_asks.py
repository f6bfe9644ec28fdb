"""The row of a question about a tip: found, ended once, dropped; what it sells is in `tips.py`."""

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from pos import clock
from pos.database import rows_changed
from pos.errors import QrWaiting
from pos.extensions import db
from pos.models import Shift, TipAsk
from pos.models.tip_ask import IS_ASKING, TipStatus
from pos.services.settling import payments
from pos.words import _

FORGOTTEN = timedelta(minutes=3)
"""A question that no screen has ended by so long after its time sells nothing any more."""


_ASKING = select(TipAsk).where(TipAsk.shift_id == bindparam("shift_id"), IS_ASKING)


def asking(shift_id: int) -> TipAsk | None:
    """Return the question that the customer of a shift's till is asked now, or None."""
    return db.session.scalar(_ASKING, {"shift_id": shift_id})


def end(ask: TipAsk, status: TipStatus) -> bool:
    """End a question within the open transaction; return whether this call did."""
    shift = db.session.get_one(Shift, ask.shift_id)
    ended = update(TipAsk).where(TipAsk.id == ask.id, TipAsk.status == TipStatus.ASKING)
    if rows_changed(db.session, ended.values(status=status, ended_at=clock.now())) != 1:
        return False
    payments.bump_screens(shift.till_id)
    return True


def drop(shift_id: int) -> None:
    """End the question of a shift without a sale, within the open transaction."""
    ask = asking(shift_id)
    if ask is not None:
        end(ask, TipStatus.DROPPED)


def is_forgotten(ask: TipAsk) -> bool:
    """Return whether no screen was there to end it: the customer has long gone."""
    return clock.now() >= ask.ends_at + FORGOTTEN


def refuse_while_asking(shift_id: int) -> None:
    """Raise QrWaiting while the customer is asked, within the open transaction."""
    ask = asking(shift_id)
    if ask is None:
        return
    if not is_forgotten(ask):
        raise QrWaiting(_("The customer is being asked for a tip. Skip it or cancel it first."))
    end(ask, TipStatus.DROPPED)
