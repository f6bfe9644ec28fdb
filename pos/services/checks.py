"""When to ask the gateway about a payment. Pure: instants in, instants out."""

from datetime import datetime, timedelta

from pos.states import UNVERIFIED, PaymentStatus

UNMETERED = (*range(3, 61, 2), *range(63, 181, 3), 185.0)
"""Seconds after a QR is shown at which a gateway without a daily limit is asked."""

RETRY_SECONDS = (2, 4, 8, 15, 30, 60)
"""Waits between questions whose answer decides something: a last check that got no answer."""

WATCH = ((300, 15), (1_200, 60), (7_200, 300))
"""A given-up QR: up to this many seconds after it was given up, ask every so many seconds."""

WATCH_THEN_SECONDS = 3_600


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
) -> datetime | None:
    """Return when the gateway should next be asked about a payment, or None for never again."""
    if status is PaymentStatus.AWAITING or (status is PaymentStatus.FAILED and now < expires_at):
        return on_the_ladder(shown_at, now, ladder)
    if status in UNVERIFIED and changed_at > now:
        # The clock was set back: nothing can decide for long, but money may be found.
        return now + timedelta(seconds=RETRY_SECONDS[-1])
    if status in UNVERIFIED:
        deciding = decisive_from(
            status, changed_at=changed_at, expires_at=expires_at, grace_seconds=grace_seconds
        )
        return while_unverified(max(deciding, changed_at), now)
    if status in (PaymentStatus.EXPIRED, PaymentStatus.CANCELLED, PaymentStatus.FAILED):
        return while_watched(max(changed_at, expires_at), now, watch_hours)
    return None


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


def while_unverified(deciding_from: datetime, now: datetime) -> datetime:
    """Return when to ask again about a QR whose last word is still out.

    Never before an answer can decide; then with growing waits, and for ever: it does not
    give up.
    """
    if now <= deciding_from:
        return deciding_from
    waited, total = (now - deciding_from).total_seconds(), 0
    for wait in RETRY_SECONDS:
        total += wait
        if total > waited:
            return now + timedelta(seconds=wait)
    return now + timedelta(seconds=RETRY_SECONDS[-1])


def while_watched(since: datetime, now: datetime, watch_hours: int) -> datetime | None:
    """Return when to look again for money on a QR given up at `since`; None once it is over."""
    age = (now - since).total_seconds()
    if age >= watch_hours * 3_600:
        return None
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
