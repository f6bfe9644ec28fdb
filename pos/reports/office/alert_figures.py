"""The figures that alerts go by: of one store, or of the whole installation."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Integer, func, or_, select, type_coerce

from pos import clock
from pos.extensions import db
from pos.models import GatewayAccount, GatewayCallback, Payment, ReconcileRun, Store, Till
from pos.reports.auditing import books_health
from pos.reports.closing import exceptions
from pos.reports.office import reconcile
from pos.states import PaymentStatus

MOST_READ = 500
"""QRs of a till, and callbacks, that are looked at: the newest."""

_P = PaymentStatus

ENDED = (_P.PAID, _P.MISMATCH, _P.FAILED, _P.EXPIRED, _P.CREATE_FAILED)


@dataclass(frozen=True)
class Attempts:
    """QRs of the last while that ended; `not_made` counts by account id."""

    paid: int
    ended: int
    not_made: dict[str, int]


@dataclass(frozen=True)
class DaySum:
    """How the QRs of one calendar day ended."""

    on: date
    paid: int
    failed: int
    not_made: int
    expired: int


@dataclass(frozen=True)
class AccountKey:
    """An account with whole days until its key ends; below 0 it has."""

    account_id: str
    days: int


def attempts(store_id: int, since: datetime) -> Attempts:
    """Return how a store's QRs made since then ended, by the index of each till."""
    ended: Counter[PaymentStatus] = Counter()
    not_made: Counter[str] = Counter()
    for till_id in db.session.scalars(select(Till.id).where(Till.store_id == store_id)).all():
        query = (
            select(Payment.status, Payment.made_at, GatewayAccount.account_id)
            .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
            .where(Payment.till_id == till_id)
            .order_by(Payment.id.desc())
            .limit(MOST_READ)
        )
        for status, made_at, account_id in db.session.execute(query):
            if made_at >= since:
                ended[status] += 1
                not_made[account_id] += status is _P.CREATE_FAILED
    counts = {account: count for account, count in not_made.items() if count}
    return Attempts(ended[_P.PAID], sum(ended[one] for one in ENDED), counts)


def day_sum(store_id: int, on: date) -> DaySum:
    """Return how the QRs that a store made on one calendar day ended."""
    begins, ends = clock.day_span(on)
    query = (
        select(Payment.status, func.count(Payment.id))
        .join(Till, Till.id == Payment.till_id)
        .where(Till.store_id == store_id, Payment.made_at >= begins, Payment.made_at < ends)
        .group_by(Payment.status)
    )
    counts: dict[PaymentStatus, int] = {row[0]: row[1] for row in db.session.execute(query)}
    of = Counter(counts)
    return DaySum(on, of[_P.PAID], of[_P.FAILED], of[_P.CREATE_FAILED], of[_P.EXPIRED])


def callbacks_took(store_id: int, since: datetime) -> tuple[int, ...]:
    """Return the milliseconds from each callback to the answer about it, at a store's tills."""
    took = type_coerce(GatewayCallback.handled_at, BigInteger) - type_coerce(
        GatewayCallback.received_at, BigInteger
    )
    query = (
        select(type_coerce(took, Integer))
        .join(Payment, Payment.id == GatewayCallback.payment_id)
        .join(Till, Till.id == Payment.till_id)
        .where(
            Till.store_id == store_id,
            GatewayCallback.received_at >= since,
            GatewayCallback.handled_at.is_not(None),
        )
        .order_by(GatewayCallback.received_at.desc())
        .limit(MOST_READ)
    )
    return tuple(db.session.scalars(query))


def keys(store: Store) -> tuple[AccountKey, ...]:
    """Return the accounts of a store's tills whose key ends at a known time."""
    own = select(Till.own_account_id).where(Till.store_id == store.id)
    mine = or_(GatewayAccount.id == store.account_id, GatewayAccount.id.in_(own))
    query = select(GatewayAccount).where(mine, GatewayAccount.token_expires_at.is_not(None))
    return tuple(
        AccountKey(row.account_id, (row.token_expires_at - clock.now()).days)
        for row in db.session.scalars(query.order_by(GatewayAccount.id))
        if row.token_expires_at is not None
    )


def old_attention(store_id: int) -> int:
    """Return how much of a store's money has waited for a person for more than a day."""
    tills = select(Till.id).where(Till.store_id == store_id)
    since = clock.now() - timedelta(days=1)
    return exceptions.count_open(tills, exceptions.FOUND_AT < since)


def last_differences(store_id: int) -> tuple[str, int]:
    """Return the day of a store's last ended pass against the bank, and its differences."""
    ended = select(ReconcileRun.id).where(
        ReconcileRun.store_id == store_id, ReconcileRun.ended_at.is_not(None)
    )
    run_id = db.session.scalar(ended.order_by(ReconcileRun.id.desc()).limit(1))
    if run_id is None:
        return "", 0
    line = reconcile.of_run(store_id, run_id).line
    return line.on.isoformat(), line.difference_count


def damaged_records() -> int:
    """Return how many records of the books the last look found changed."""
    alarm = books_health.alarm()
    return alarm.damaged if alarm else 0


def was_selling(store_id: int, since: datetime) -> bool:
    """Return whether a store made a QR since then."""
    tills = select(Till.id).where(Till.store_id == store_id)
    newest = select(func.max(Payment.id)).where(Payment.till_id.in_(tills)).scalar_subquery()
    made_at = db.session.scalar(select(Payment.made_at).where(Payment.id == newest))
    return made_at is not None and made_at >= since
