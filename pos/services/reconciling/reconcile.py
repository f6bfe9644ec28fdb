"""The day held against the bank once more: what was paid still stands, what was not has no money.

A run is one pass over one business day of one store. What was heard is written down at once, so
a run that the day's questions do not suffice for goes on where it stopped, on a later night.
Money that is found goes the way of all money; nothing else is changed.
"""

import logging
from datetime import date, datetime, timedelta
from secrets import token_hex

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db
from pos.models import ReconcileRun, Store
from pos.services.asking import quota
from pos.services.reconciling import list_pass, standing
from pos.services.reconciling.hearing import Pass
from pos.services.shop import lease
from pos.words import _

log = logging.getLogger(__name__)

DAYS_BACK = 7
"""How many nights a day that could not be asked about to its end is taken up again."""

LEASE = "reconcile"


def nightly(*, who: str = "worker") -> None:
    """Go on with the last days of every store, the oldest first, and tonight with this one.

    An account with a daily limit is asked at night alone, with what is left of its day.
    """
    now = clock.now()
    is_night = clock.shop_time(now).time() >= quota.NIGHT
    today = clock.business_date(now)
    days = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    for store in db.session.scalars(select(Store).order_by(Store.id)).all():
        if not is_night and store.account.daily_quota > 0:
            continue
        for day in days + [today] * is_night:
            _go_on(store.id, day, who, is_night=is_night)


def by_hand(store_id: int, day: date, *, who: str = "operator") -> ReconcileRun:
    """Hold one day of a store against the bank now; go on with a run that was not finished.

    Refused while another process is at it. The run's `left_unasked` says what is still to ask.
    """
    run = _newest(store_id, day)
    if run is None or run.ended_at is not None:
        run = _begin(store_id, day, counts_from=clock.now(), is_by_hand=True)
    run_id = run.id
    if not _work(run_id, who):
        raise Refused(_("The books are being reconciled by another process. Wait a minute."))
    return db.session.get_one(ReconcileRun, run_id, populate_existing=True)


def _go_on(store_id: int, day: date, who: str, *, is_night: bool) -> None:
    """Take up the newest run of a day where anything is left to ask; begin one for a new day.

    By day a run is taken up once: what had no usable answer then waits for the night.
    """
    run, today = _newest(store_id, day), clock.business_date(clock.now())
    if run is not None and not is_night and clock.business_date(run.worked_at) == today:
        return
    evening = quota.evening_of(standing.midnight(day))
    if standing.count_left(run or ReconcileRun(store_id=store_id, on=day)) > 0:
        run = run or _begin(store_id, day, counts_from=evening)
        _work(run.id, who)


def _newest(store_id: int, day: date) -> ReconcileRun | None:
    query = select(ReconcileRun).where(ReconcileRun.store_id == store_id, ReconcileRun.on == day)
    return db.session.scalar(query.order_by(ReconcileRun.id.desc()).limit(1))


def _begin(
    store_id: int, day: date, *, counts_from: datetime, is_by_hand: bool = False
) -> ReconcileRun:
    now = clock.now()
    row = ReconcileRun(
        store_id=store_id,
        on=day,
        is_by_hand=is_by_hand,
        counts_from=counts_from,
        began_at=now,
        worked_at=now,
    )
    with writing(db.session):
        db.session.add(row)
    return row


def _work(run_id: int, who: str) -> bool:
    """Ask about what is left, as far as it may; False where another process is at it."""
    me = token_hex(8)
    if lease.hold(me, LEASE) is None:
        return False
    done = Pass(run_id, who)
    try:
        while lease.hold(me, LEASE) is not None and done.ask_more():
            pass
        done.troubles |= list_pass.read(run_id, who=who, without=done.troubles)
    finally:
        _keep(done)
        lease.release(me, LEASE)
    return True


def _keep(done: Pass) -> None:
    """Write down how far the run came."""
    now, run_id = clock.now(), done.run_id
    left = standing.count_left(db.session.get_one(ReconcileRun, run_id))
    with writing(db.session):
        run = db.session.get_one(ReconcileRun, run_id)
        run.asked += done.asked
        run.left_unasked, run.worked_at = left, now
        run.ended_at = None if left else now
        run.trouble = done.trouble if left else ""
    if left:
        log.warning("reconciling %s: %d left unasked, %s", run.on, left, done.trouble or "later")
