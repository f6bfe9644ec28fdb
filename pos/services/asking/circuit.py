"""Whether a gateway may be asked now: it asked for a rest, its day is used up, or it is dead.

One row for each account, so that all processes know. A dead gateway is tried by one question
at a time; the first answer opens the line again for all.
"""

from datetime import datetime, timedelta

from sqlalchemy import Row, Update, bindparam, or_, select, update

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.extensions import db
from pos.gateways.base import Answer, Trouble
from pos.models import GatewayCircuit, Payment
from pos.services.asking import quota
from pos.states import LIVE, UNVERIFIED

FAILURES = 5
"""So many questions in a row without an answer, and the gateway counts as dead."""

PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 15, 480
"""How long a dead gateway is let alone; with a daily limit each pause is twice the last."""

BUSY_SECONDS, LONGEST_BUSY_SECONDS = 10, 3_600
"""How long after a 429 that names no time, and the longest that is believed."""

_DEAD = frozenset(
    {
        Trouble.UNREACHABLE,
        Trouble.UNPROVEN,
        Trouble.SILENT,
        Trouble.UNAUTHORISED,
        Trouble.FORBIDDEN,
        Trouble.DOWN,
    }
)
_LONGEST = {
    Trouble.QUOTA: timedelta(days=1, minutes=2),
    Trouble.BUSY: timedelta(seconds=LONGEST_BUSY_SECONDS),
}
_ORDERED = (str(Trouble.QUOTA), str(Trouble.BUSY))
"""Pauses that the gateway ordered: their end is known, and a person cannot shorten them."""

_C = GatewayCircuit.__table__.c
_LOOK = select(_C.failures, _C.paused_until, _C.paused_for).where(
    _C.account_id == bindparam("account_id")
)


def why_closed(
    account_id: int, *, is_metered: bool, by_person: bool = False
) -> tuple[Trouble, datetime] | None:
    """Return why and until when a gateway may not be asked; None lets one question through.

    A person may try a dead gateway at any time.
    """
    row = _look(account_id)
    now = clock.now()
    if row is None or row.paused_until is None:
        return None
    trouble, until = Trouble(row.paused_for), row.paused_until
    pause = _pause(row.failures, is_metered)
    if until > now + _LONGEST.get(trouble, pause):
        return None  # the clock was set back
    if trouble in _ORDERED:
        return (trouble, until) if until > now else None
    if by_person:
        return None
    if until > now:
        return trouble, until
    return None if _is_first(account_id, now, now + pause) else (trouble, now + pause)


def is_sound(account_id: int) -> bool:
    """Return whether no question is held back, and none is needed to find out whether it may go."""
    row = _look(account_id)
    return row is None or row.paused_until is None


def hear(account_id: int, answer: Answer, *, is_metered: bool) -> None:
    """Learn from what a gateway answered; writes only where that changes something."""
    now = clock.now()
    if answer.trouble is Trouble.QUOTA:
        _close(account_id, Trouble.QUOTA, quota.next_day(now))
    elif answer.trouble is Trouble.BUSY:
        wished = answer.retry_after_seconds or BUSY_SECONDS
        _close(account_id, Trouble.BUSY, now + _seconds(min(wished, LONGEST_BUSY_SECONDS)))
    elif answer.trouble in _DEAD:
        _count_failure(account_id, answer.trouble, is_metered)
    elif answer.trouble is None:
        _recover(account_id, now)


def open_again(account_id: int) -> None:
    """Forget why a gateway could not be asked: it has a new key. What waited is due at once."""
    with writing(db.session):
        db.session.execute(_row(account_id).values(paused_until=None, paused_for="", failures=0))
    wake(account_id)


def wake(account_id: int) -> None:
    """Make due at once what waits long for questions to a gateway: there are more of them now."""
    _wake(account_id, clock.now())


def _look(account_id: int) -> Row[int, datetime | None, str] | None:
    return db.session.execute(_LOOK, {"account_id": account_id}).one_or_none()


def _row(account_id: int) -> Update:
    return update(GatewayCircuit).where(GatewayCircuit.account_id == account_id)


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def _pause(failures: int, is_metered: bool) -> timedelta:
    doublings = min(failures - FAILURES, 10) if is_metered else 0
    return _seconds(min(PAUSE_SECONDS * 2 ** max(doublings, 0), LONGEST_PAUSE_SECONDS))


def _is_first(account_id: int, now: datetime, pause_ends: datetime) -> bool:
    """Claim the one question that may find out whether a dead gateway lives again."""
    claim = _row(account_id).where(GatewayCircuit.paused_until <= now)
    with writing(db.session):
        return rows_changed(db.session, claim.values(paused_until=pause_ends)) == 1


def _close(account_id: int, trouble: Trouble, until: datetime) -> None:
    _known(account_id)
    # A day that is used up stays so, whatever a question asked before still hears.
    weaker = or_(GatewayCircuit.paused_until.is_(None), GatewayCircuit.paused_until < until)
    with writing(db.session):
        values = {"paused_until": until, "paused_for": str(trouble)}
        db.session.execute(_row(account_id).where(weaker).values(**values))


def _count_failure(account_id: int, trouble: Trouble, is_metered: bool) -> None:
    row = _known(account_id)
    failures = row.failures + 1
    with writing(db.session):
        db.session.execute(_row(account_id).values(failures=GatewayCircuit.failures + 1))
    if failures >= FAILURES:
        _close(account_id, trouble, clock.now() + _pause(failures, is_metered))


def _known(account_id: int) -> GatewayCircuit:
    row = db.session.get(GatewayCircuit, account_id, populate_existing=True)
    if row is None:
        add_if_new(db.session, GatewayCircuit(account_id=account_id))
    return db.session.get_one(GatewayCircuit, account_id, populate_existing=True)


def _recover(account_id: int, now: datetime) -> None:
    """Open the line after an answer, unless the gateway ordered a pause that still lasts."""
    row = _look(account_id)
    if row is None or (row.failures == 0 and row.paused_until is None):
        return
    over = or_(GatewayCircuit.paused_for.not_in(_ORDERED), GatewayCircuit.paused_until <= now)
    was_dead = row.failures >= FAILURES
    with writing(db.session):
        db.session.execute(_row(account_id).values(failures=0))
        opened = _row(account_id).where(over).values(paused_until=None, paused_for="")
        is_open = rows_changed(db.session, opened) == 1
    if is_open and was_dead:
        _wake(account_id, now)


def _wake(account_id: int, now: datetime) -> None:
    """Make due at once what would wait long for a gateway that could not be asked.

    One after the other: a till's other writers take their locks in another order.
    """
    waiting = select(Payment.id).where(
        Payment.account_id == account_id,
        Payment.status.in_(LIVE | UNVERIFIED),
        Payment.trouble != "",
        Payment.next_check_at > now + _seconds(PAUSE_SECONDS),
    )
    for payment_id in db.session.scalars(waiting).all():
        due = update(Payment).where(Payment.id == payment_id, Payment.trouble != "")
        with writing(db.session):
            db.session.execute(due.values(next_check_at=now))
