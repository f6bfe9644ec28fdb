"""When to ask the gateway about a payment. Pure: instants in, instants out."""

from datetime import datetime, timedelta

from pos.services.asking import quota
from pos.states import UNVERIFIED, PaymentStatus

UNMETERED = (*range(3, 61, 2), *range(63, 181, 3), 185.0)
"""Seconds after a QR is shown at which a gateway without a daily limit is asked."""

RETRY_SECONDS = (2, 4, 8, 15, 30, 60)
"""Waits between questions whose answer decides something: a last check that got no answer."""

METERED_RETRY_SECONDS = (5, 15, 30, 60, 120, 300, 600)
"""The same with a daily limit: an outage may not use up the day."""

WATCH = ((300, 15), (1_200, 60), (7_200, 300))
"""A given-up QR: up to this many seconds after it was given up, ask every so many seconds."""

WATCH_THEN_SECONDS = 3_600

EVENING_RETRY_SECONDS = 600


def next_check(
    status: PaymentStatus,
    *,
    now: datetime,
    shown_at: datetime,
    changed_at: datetime,
    expires_at: datetime,
    ladder: tuple[float, ...],
    grace_seconds: int,
    watch_hours: int,
    is_metered: bool = False,
    answered_at: datetime | None = None,
) -> datetime | None:
    """Return when the gateway should next be asked about a payment, or None for never again.

    With a daily limit (`is_metered`) the ladder has an end, after which only the last look
    comes, and a QR given up is looked at once, in the evening.
    """
    deciding = decisive_from(
        status, changed_at=changed_at, expires_at=expires_at, grace_seconds=grace_seconds
    )
    if status is PaymentStatus.AWAITING or (status is PaymentStatus.FAILED and now < expires_at):
        if is_metered:
            return on_the_plan(shown_at, now, ladder) or max(deciding, now)
        return on_the_ladder(shown_at, now, ladder)
    if status in UNVERIFIED and changed_at > now:
        # The clock was set back: nothing can decide for long, but money may be found.
        return now + timedelta(seconds=RETRY_SECONDS[-1])
    if status in UNVERIFIED:
        waits = METERED_RETRY_SECONDS if is_metered else RETRY_SECONDS
        return while_unverified(max(deciding, changed_at), now, waits)
    if status in (PaymentStatus.EXPIRED, PaymentStatus.CANCELLED, PaymentStatus.FAILED):
        since = max(changed_at, expires_at)
        if is_metered:
            return in_the_evening(since, now, answered_at, watch_hours)
        return while_watched(since, now, watch_hours)
    return None


def on_the_plan(shown_at: datetime, now: datetime, rungs: tuple[float, ...]) -> datetime | None:
    """Return the next rung after `now`, or None past the last one."""
    waited = (now - shown_at).total_seconds()
    left = (rung for rung in rungs if rung > waited)
    following = next(left, None)
    return None if following is None else shown_at + timedelta(seconds=following)


def in_the_evening(
    since: datetime, now: datetime, answered_at: datetime | None, watch_hours: int
) -> datetime | None:
    """Return when to look once more for money on a QR given up at `since`, on a daily limit.

    At the end of that day, once, with what is left of it; None when that was answered, or
    could not be for `watch_hours`.
    """
    look = quota.evening_of(since)
    if now < look:
        return look
    has_answer = answered_at is not None and answered_at >= look
    if has_answer or now >= look + timedelta(hours=watch_hours):
        return None
    return now + timedelta(seconds=EVENING_RETRY_SECONDS)


def on_the_ladder(shown_at: datetime, now: datetime, ladder: tuple[float, ...]) -> datetime:
    """Return the next rung after `now`; beyond the last rung its gap repeats.

    A QR shown in what is now the future (the clock was set back) counts as shown now.
    """
    shown_at = min(shown_at, now)
    waited = (now - shown_at).total_seconds()
    for rung in ladder:
        if rung > waited:
            return shown_at + timedelta(seconds=rung)
    last, gap = ladder[-1], ladder[-1] - ladder[-2]
    steps = int((waited - last) // gap) + 1
    return shown_at + timedelta(seconds=last + steps * gap)


def while_unverified(
    deciding_from: datetime, now: datetime, waits: tuple[int, ...] = RETRY_SECONDS
) -> datetime:
    """Return when to ask again about a QR whose last word is still out.

    Never before an answer can decide; then with growing waits, and for ever: it does not
    give up.
    """
    if now <= deciding_from:
        return deciding_from
    waited, total = (now - deciding_from).total_seconds(), 0
    for wait in waits:
        total += wait
        if total > waited:
            return now + timedelta(seconds=wait)
    return now + timedelta(seconds=waits[-1])


def while_watched(since: datetime, now: datetime, watch_hours: int) -> datetime | None:
    """Return when to look again for money on a QR given up at `since`; None once it is over."""
    age = (now - since).total_seconds()
    if age >= watch_hours * 3_600:
        return None
    gap = next((gap for until, gap in WATCH if age < until), WATCH_THEN_SECONDS)
    return now + timedelta(seconds=gap)


def while_marked(since: datetime, now: datetime) -> datetime:
    """Return when to ask about a payment that a person called paid: until the bank says so too.

    As often as about a given-up QR, and then each hour for ever: the books wait for it.
    """
    age = (now - since).total_seconds()
    gap = next((gap for until, gap in WATCH if age < until), WATCH_THEN_SECONDS)
    return now + timedelta(seconds=gap)


def decisive_from(
    status: PaymentStatus, *, changed_at: datetime, expires_at: datetime, grace_seconds: int
) -> datetime:
    """Return the earliest start of a question whose "not found" may end the payment.

    After a cancel any question may that was asked since; the end of a QR's life is believed
    only some seconds after it, when a payment of the last second has reached the gateway.
    """
    if status is PaymentStatus.CANCEL_REQUESTED:
        return changed_at
    return expires_at + timedelta(seconds=grace_seconds)
