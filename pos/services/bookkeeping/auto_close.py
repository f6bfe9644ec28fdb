"""Closing what people forgot: a shift whose store is shut, and at which nobody sells any more.

It is closed as "by the system, not counted"; nobody invents a count. A close that fails leaves
the shift as it was, with the reason, and is tried again.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from pos import clock
from pos.database import writing
from pos.errors import LeaseLost
from pos.extensions import db, settings
from pos.models import CashCount, CashMovement, Sale, Shift, Tender, Till
from pos.services.bookkeeping import shifts
from pos.services.selling import waiting
from pos.states import UNCLOSED, ShiftStatus

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=1)
MOST_DOUBLINGS = 4
"""After so many the longest pause is reached; more would be no time that a clock can tell."""

_UNCLOSED_WITH_STORE = (
    select(Shift)
    .where(Shift.closed_at.is_(None))
    .order_by(Shift.id)
    .options(joinedload(Shift.till).joinedload(Till.store))
)


def close_forgotten() -> None:
    """Close each shift that is due; one that cannot be closed holds up no other."""
    unclosed = db.session.scalars(_UNCLOSED_WITH_STORE).all()
    for shift_id in [shift.id for shift in unclosed]:
        try:
            # Hardly ever is one due: looking keeps no writer waiting.
            if is_due(db.session.get_one(Shift, shift_id), clock.now()):
                close_if_due(shift_id)
        except LeaseLost:
            raise
        except Exception as problem:
            # Not the whole of it: a failed INSERT would put payers and amounts into the log.
            told = _in_a_line(problem)
            log.error("shift %d could not be closed by the system: %s", shift_id, told)
            _keep(shift_id, told)


def close_if_due(shift_id: int) -> None:
    """Close one shift if it is due and no QR of its till waits."""
    with writing(db.session):
        shift = shifts.take(shift_id)
        busy = waiting.is_waited_for(shift.till)
        if shift.status in UNCLOSED and not busy and is_due(shift, clock.now()):
            shifts.end(shift, ShiftStatus.AUTO_CLOSED, None)


def is_due(shift: Shift, now: datetime) -> bool:
    """Return whether the system closes a shift now: it is over, and quiet for long enough."""
    if shift.next_close_at is not None and now < shift.next_close_at:
        return False
    if shift.till.is_online:
        # Nobody goes home there: its day ends with the day, and there is no drawer to count.
        return clock.business_date(now, settings().day_starts_hour) > shift.business_date
    quiet = timedelta(minutes=settings().close_quiet_minutes)
    return now >= _over_at(shift) and now - _last_deed(shift) >= quiet


def _over_at(shift: Shift) -> datetime:
    """Return when a shift is over: at closing time and the grace, or after too many hours."""
    longest = shift.opened_at + timedelta(hours=settings().forgotten_shift_hours)
    minute = shift.till.store.closing_minute
    if minute is None:
        return longest
    opened = clock.shop_time(shift.opened_at)
    closing = opened.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    if closing <= opened:
        closing += timedelta(days=1)
    grace = timedelta(minutes=settings().close_grace_minutes)
    return min(longest, closing + grace)


def _last_deed(shift: Shift) -> datetime:
    """Return when somebody last sold, took cash, moved cash or counted in a shift."""
    newest = (
        select(func.max(Sale.made_at)).where(Sale.shift_id == shift.id),
        select(func.max(Tender.taken_at)).where(Tender.shift_id == shift.id),
        select(func.max(CashMovement.at)).where(CashMovement.shift_id == shift.id),
        select(func.max(CashCount.at)).where(CashCount.shift_id == shift.id),
    )
    found = (db.session.scalar(query) for query in newest)
    return max([shift.opened_at, *(one for one in found if one is not None)])


def _in_a_line(problem: Exception) -> str:
    """Return what went wrong, as the database itself says it where it does."""
    cause = getattr(problem, "orig", None) or problem
    said = (str(cause).splitlines() or [""])[0]
    return f"{type(problem).__name__}: {said}"[:200]


def _keep(shift_id: int, problem: str) -> None:
    """Keep why a close failed, and when it is tried again."""
    with writing(db.session):
        shift = shifts.take(shift_id)
        if shift.status not in UNCLOSED:
            return
        pause = min(FIRST_RETRY * 2 ** min(shift.close_tries, MOST_DOUBLINGS), LONGEST_RETRY)
        shift.close_tries += 1
        shift.next_close_at = clock.now() + pause
        shift.close_problem = problem
