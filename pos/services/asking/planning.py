"""The plan of a metered account's day: which ladder its QRs are asked by, from its own past.

Made by the worker once a minute and kept in the day's row; whoever schedules a question only
reads it there.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos import clock
from pos.config import Settings
from pos.extensions import db, settings
from pos.models import GatewayAccount, Payment
from pos.services.asking import budget, demand, ladder, quota
from pos.services.asking.ladder import Ladder, PayTimes
from pos.states import PaymentStatus

PAST = 4_000
"""How many of an account's last payments are looked at."""

PAID_PAST = 400
"""How many of those that ended say how soon customers pay."""

QUANTILES = 50

_UNPAID = frozenset({PaymentStatus.EXPIRED, PaymentStatus.CANCELLED})

Past = list[tuple[datetime, datetime | None, datetime | None, PaymentStatus]]


def plan_all() -> None:
    """Make today's plan of every account with a daily limit anew."""
    metered = select(GatewayAccount).where(GatewayAccount.daily_quota > 0)
    for account in db.session.scalars(metered).all():
        plan(account)


def plan(account: GatewayAccount) -> Ladder:
    """Choose the ladder by what is left of today and the sales still to come, and keep it."""
    now = clock.now()
    past = read_past(account.id)
    today = budget.today_of(account.id)
    asked = today.asked if today else 0
    so_far = sum(1 for made_at, *_ in past if made_at >= _midnight(now))
    chosen = choose(
        outlook(past, now), so_far, now, asked=asked, limit=account.daily_quota, rules=settings()
    )
    budget.keep_ladder(account.id, chosen.rungs)
    return chosen


@dataclass(frozen=True)
class Outlook:
    """What the days before today let one expect of today: sales by the hour, seconds to pay."""

    hours: demand.Hours
    times: PayTimes


def outlook(past: Past, now: datetime) -> Outlook:
    """Return what to expect of today, from an account's payments, the newest first. Pure."""
    earlier = [one for one in past if one[0] < _midnight(now)]
    return Outlook(demand.usual_hours([one[0] for one in earlier], now), pay_times(earlier))


def choose(
    expected: Outlook, so_far: int, now: datetime, *, asked: int, limit: int, rules: Settings
) -> Ladder:
    """Return the ladder for now: `so_far` sales were made today, `asked` questions are spent."""
    to_come = demand.still_to_come(expected.hours, so_far, now)
    reserve = quota.reserve_of(limit, rules.quota_reserve_percent)
    calls = demand.calls_for_a_sale(limit - asked, reserve, to_come)
    return _best(expected.times, calls, rules)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(clock.business_date(now), datetime.min.time(), clock.SHOP_ZONE)


def first_ladder(limit: int, rules: Settings) -> Ladder:
    """Return the ladder of a day that has no plan yet: as for a shop without a past."""
    reserve = quota.reserve_of(limit, rules.quota_reserve_percent)
    return _best(PayTimes(), demand.calls_for_a_sale(limit, reserve, demand.PRIOR_SALES), rules)


def rungs_of(account: GatewayAccount) -> tuple[float, ...]:
    """Return today's ladder of a metered account, as it was planned last."""
    today = budget.today_of(account.id)
    if today is not None and today.ladder is not None:
        return tuple(today.ladder)
    return first_ladder(account.daily_quota, settings()).rungs


def pay_times(past: Past) -> PayTimes:
    """Return how soon customers paid, of the latest payments that ended."""
    ended = [one for one in past if one[3] in _UNPAID | {PaymentStatus.PAID}][:PAID_PAST]
    seconds = sorted(
        max((paid_at - shown_at).total_seconds(), 0.5)
        for _made_at, shown_at, paid_at, _status in ended
        if shown_at is not None and paid_at is not None
    )
    unpaid = sum(1 for one in ended if one[3] in _UNPAID)
    return PayTimes(_quantiles(seconds), len(seconds), unpaid)


def _quantiles(seconds: list[float]) -> tuple[float, ...]:
    """Return a few of the sorted values that stand for all, the last among them."""
    count = min(len(seconds), QUANTILES)
    return tuple(seconds[(part + 1) * len(seconds) // count - 1] for part in range(count))


def _best(times: PayTimes, calls: float, rules: Settings) -> Ladder:
    return ladder.best(
        times,
        calls=calls,
        life=float(rules.qr_seconds),
        grace=float(rules.grace_seconds),
    )


def read_past(account_id: int) -> Past:
    """Read an account's last payments, the newest first."""
    query = (
        select(Payment.made_at, Payment.shown_at, Payment.paid_at, Payment.status)
        .where(Payment.account_id == account_id)
        .order_by(Payment.id.desc())
        .limit(PAST)
    )
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]
