"""Spending an account's questions of the day: counted before they are asked, never too many.

The counter is a row that a conditional UPDATE moves, so no number of askers spends more than
there is. An account without a limit is not counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Update, bindparam, select, update

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.extensions import db, settings
from pos.gateways.base import Trouble
from pos.models import GatewayAccount, GatewayDay
from pos.services.asking import circuit, quota
from pos.services.asking.quota import Purpose

_TODAY = select(GatewayDay).where(
    GatewayDay.account_id == bindparam("account_id"), GatewayDay.on == bindparam("today")
)


@dataclass(frozen=True)
class Refusal:
    """Why a question may not be asked now, and from when on it may be tried again."""

    trouble: Trouble
    until: datetime


def spend(account: GatewayAccount, count: int, purpose: Purpose) -> Refusal | None:
    """Take `count` questions out of the day for a purpose; a Refusal where that cannot be.

    To be called right before the gateway is. Writes the counter, in a commit of its own.
    """
    account_id, limit = account.id, account.daily_quota
    closed = circuit.why_closed(
        account_id, is_metered=limit > 0, by_person=purpose is Purpose.PERSON
    )
    if closed is not None:
        return Refusal(*closed)
    if limit == 0:
        return None
    now = clock.now()
    most = quota.reach(purpose, limit, settings().quota_reserve_percent)
    if _take(account_id, clock.business_date(now), count, most):
        return None
    return Refusal(Trouble.QUOTA, quota.next_day(now))


def give_back(account: GatewayAccount, count: int) -> None:
    """Put questions back that were taken and not asked."""
    if account.daily_quota == 0 or count <= 0:
        return
    today = _row(account.id, clock.business_date(clock.now()))
    with writing(db.session):
        db.session.execute(
            today.where(GatewayDay.asked >= count).values(asked=GatewayDay.asked - count)
        )


def keep_ladder(account_id: int, rungs: tuple[float, ...]) -> None:
    """Remember the plan of the day, where it is another one than before."""
    on = clock.business_date(clock.now())
    known = db.session.get(GatewayDay, (account_id, on))
    if known is not None and known.ladder == list(rungs):
        return
    _in_row(account_id, on, lambda: _changes(_row(account_id, on).values(ladder=list(rungs))))


def today_of(account_id: int) -> GatewayDay | None:
    """Return today's row of an account, None before its first question or plan."""
    on = clock.business_date(clock.now())
    return db.session.scalar(_TODAY, {"account_id": account_id, "today": on})


def _take(account_id: int, on: date, count: int, most: int) -> bool:
    fits = _row(account_id, on).where(GatewayDay.asked + count <= most)
    return _in_row(account_id, on, lambda: _changes(fits.values(asked=GatewayDay.asked + count)))


def _row(account_id: int, on: date) -> Update:
    return update(GatewayDay).where(GatewayDay.account_id == account_id, GatewayDay.on == on)


def _in_row(account_id: int, on: date, change: Callable[[], bool]) -> bool:
    """Do a conditional UPDATE of a day's row; make the row first where there is none yet."""
    if change():
        return True
    if db.session.get(GatewayDay, (account_id, on)) is not None:
        return False
    add_if_new(db.session, GatewayDay(account_id=account_id, on=on))
    return change()


def _changes(statement: Update) -> bool:
    with writing(db.session):
        return rows_changed(db.session, statement) == 1
