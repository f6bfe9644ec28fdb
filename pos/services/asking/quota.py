"""What a question is for, and how far into the day's questions it may reach. Pure.

A gateway that allows so many questions a day gets them in this order: a person who waits and
the last word on a QR may use all of them, the ladder leaves a reserve for those two, and QRs
given up are looked at again in the evening. What is still left then goes to reconciling.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from pos import clock
from pos.states import UNVERIFIED, PaymentStatus

NIGHT = time(23, 45)
"""When the day's books are held against the bank's, with what the evening looks have left."""

AFTER_MIDNIGHT = timedelta(minutes=1)
"""The bank's midnight may be a little after ours."""

EVENING = time(23, 30)
"""When QRs given up are looked at once more: what is left then is worth nothing tomorrow."""


class Purpose(StrEnum):
    """What one question is for."""

    PERSON = "person"
    LAST_LOOK = "last_look"
    LADDER = "ladder"
    EVENING = "evening"
    RECONCILE = "reconcile"
    BACKLOG = "backlog"


def reach(purpose: Purpose, quota: int, reserve_percent: int) -> int:
    """Return how many questions may be spent today once this one is; the others are kept."""
    reserve = reserve_of(quota, reserve_percent)
    kept = {
        Purpose.LADDER: reserve,
        # By then few customers come, so half of the reserve is enough.
        Purpose.EVENING: reserve // 2,
        # What nobody else wanted.
        Purpose.RECONCILE: reserve,
        # What yesterday left open may not eat up today.
        Purpose.BACKLOG: quota - quota // 4,
    }
    return quota - kept.get(purpose, 0)


def reserve_of(quota: int, percent: int) -> int:
    """Return how many of a day's questions are kept for people and last looks."""
    return -(-quota * percent // 100)


def purpose_of(status: PaymentStatus, now: datetime, decisive_from: datetime) -> Purpose:
    """Return what a question about a payment in this state is for, when no person asks."""
    is_of_today = clock.business_date(decisive_from) == clock.business_date(now)
    if status in UNVERIFIED:
        return Purpose.LAST_LOOK if is_of_today else Purpose.BACKLOG
    if status is PaymentStatus.AWAITING or (
        status is PaymentStatus.FAILED and now <= decisive_from + timedelta(minutes=1)
    ):
        return Purpose.LADDER
    return Purpose.EVENING if clock.shop_time(now).time() >= EVENING else Purpose.BACKLOG


def purpose_of_reconciling(now: datetime) -> Purpose:
    """Return what a question is for that only holds the books against the bank's.

    Before the evening it may take no more of the day than what yesterday left open.
    """
    is_late = clock.shop_time(now).time() >= EVENING
    return Purpose.RECONCILE if is_late else Purpose.BACKLOG


def next_day(now: datetime) -> datetime:
    """Return when the gateway takes questions again whose day is used up: its next midnight."""
    tomorrow = clock.business_date(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), clock.SHOP_ZONE) + AFTER_MIDNIGHT


def evening_of(since: datetime) -> datetime:
    """Return the first evening look after an instant."""
    day = clock.business_date(since)
    look = datetime.combine(day, EVENING, clock.SHOP_ZONE)
    return look if look > since else look + timedelta(days=1)
