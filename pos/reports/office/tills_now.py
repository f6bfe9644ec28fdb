"""The tills of a store as they are now: who sells there, and which screens are on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Display, Shift, Till, User
from pos.reports.closing import exceptions
from pos.states import UNCLOSED


@dataclass(frozen=True, kw_only=True)
class TillLine:
    """A till now: `open_by` is "" while it is closed; its screens, and how many of them are on."""

    name: str
    open_by: str
    opened_at: datetime | None
    displays: int
    online: int
    seen_at: datetime | None


def of_user(user: User, online_within: timedelta) -> tuple[TillLine, ...]:
    """Return this person's tills as they are now; a screen heard of so lately is on."""
    query = select(Till).where(Till.id.in_(exceptions.tills_of(user))).order_by(Till.id)
    tills = db.session.scalars(query).all()
    ids = [till.id for till in tills]
    open_now = select(Shift).where(Shift.till_id.in_(ids), Shift.status.in_(UNCLOSED))
    shifts = {shift.till_id: shift for shift in db.session.scalars(open_now)}
    screens = db.session.scalars(select(Display).where(Display.till_id.in_(ids))).all()
    return tuple(_till(till, shifts.get(till.id), screens, online_within) for till in tills)


def _till(
    till: Till, shift: Shift | None, screens: Sequence[Display], within: timedelta
) -> TillLine:
    seen = [one.last_seen_at for one in screens if one.till_id == till.id]
    return TillLine(
        name=till.name,
        open_by=shift.cashier_name if shift else "",
        opened_at=shift.opened_at if shift else None,
        displays=len(seen),
        online=sum(clock.now() - at <= within for at in seen),
        seen_at=max(seen, default=None),
    )
