"""When something is wrong: each rule takes figures and thresholds, and has one finding or none.

Pure. Source of the first four: the "Key Metrics to Track" that the shop was asked for
(success over 95 %, an alert under 90 %; callbacks within 2 s, an alert over 5 s; QR failures
at once; failed payments every day).
"""

from dataclasses import dataclass, field

from pos.config import Settings
from pos.models import AlertKind, Severity
from pos.reports.office.alert_figures import AccountKey, Attempts, DaySum
from pos.reports.office.webhooks import FailingWebhook

Facts = dict[str, str | int]

_K, _S = AlertKind, Severity

LEAST_CALLBACKS = 5
"""Fewer callbacks than this say nothing of how long they take."""

KEY_STEPS = ((1, _S.ALARM, 3), (3, _S.WARNING, 2), (7, _S.WARNING, 1))
"""Whole days that a key still lives, at most: how bad, and which step."""

BACKUP_HOURS = 26
"""A good backup is no older than this: one each night, and two hours for a late one."""

_MEGABYTE = 1024 * 1024

LARGE_LOG_BYTES = 64 * _MEGABYTE
"""SQLite puts its log into the file at 4 MB, where nobody holds it up."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong now; `step` grows as it gets worse.

    What is told once never was open: it is a note of something over.
    """

    kind: AlertKind
    severity: Severity
    subject: str = ""
    facts: Facts = field(default_factory=dict)
    step: int = 1
    is_told_once: bool = False


def success_rate(seen: Attempts, limits: Settings) -> Finding | None:
    """Too few of the QRs that ended were paid; what a cashier gave up does not count."""
    if seen.ended < limits.alert_least_qrs:
        return None
    facts: Facts = {"percent": seen.paid * 100 // seen.ended, "paid": seen.paid}
    facts |= {"ended": seen.ended, "minutes": limits.alert_window_minutes}
    if seen.paid * 100 < limits.alert_success_alarm * seen.ended:
        return Finding(_K.SUCCESS_RATE, _S.ALARM, facts=facts, step=2)
    if seen.paid * 100 < limits.alert_success_warn * seen.ended:
        return Finding(_K.SUCCESS_RATE, _S.WARNING, facts=facts)
    return None


def callback_time(took_ms: tuple[int, ...], limits: Settings) -> Finding | None:
    """One callback in twenty, or more, took too long until the gateway had answered about it."""
    if len(took_ms) < LEAST_CALLBACKS:
        return None
    slow = sorted(took_ms)[-(len(took_ms) // 20) - 1]
    facts: Facts = {"tenths": f"{slow / 1000:.1f}", "count": len(took_ms)}
    if slow > limits.alert_callback_alarm * 1000:
        return Finding(_K.CALLBACK_TIME, _S.ALARM, facts=facts, step=2)
    if slow > limits.alert_callback_warn * 1000:
        return Finding(_K.CALLBACK_TIME, _S.WARNING, facts=facts)
    return None


def qr_failures(seen: Attempts, limits: Settings) -> tuple[Finding, ...]:
    """Each account at which a QR could not be made: at once, however few."""
    return tuple(
        Finding(
            _K.QR_FAILURES,
            _S.ALARM,
            account,
            {"account": account, "count": count, "minutes": limits.alert_window_minutes},
        )
        for account, count in sorted(seen.not_made.items())
    )


def failed_daily(day: DaySum) -> Finding | None:
    """Payments that failed on a day that is over, told once."""
    if not day.failed + day.not_made:
        return None
    facts: Facts = {"day": day.on.isoformat(), "failed": day.failed, "not_made": day.not_made}
    facts |= {"expired": day.expired, "paid": day.paid}
    return Finding(_K.FAILED_DAILY, _S.NOTE, day.on.isoformat(), facts, is_told_once=True)


def books_damaged(damaged: int) -> Finding | None:
    """The last look at the books found records that somebody changed."""
    return Finding(_K.BOOKS_DAMAGED, _S.ALARM, facts={"count": damaged}) if damaged else None


def bank_differs(day: str, differences: int) -> Finding | None:
    """The bank has other facts of a day than the books."""
    if not differences:
        return None
    return Finding(_K.BANK_DIFFERS, _S.WARNING, day, {"day": day, "count": differences})


def key_ending(key: AccountKey) -> Finding | None:
    """An account's key ends within seven days, three, or one: told at each."""
    facts: Facts = {"account": key.account_id, "days": max(key.days, 0)}
    for days, severity, step in KEY_STEPS:
        if key.days < days:
            return Finding(_K.KEY_ENDING, severity, key.account_id, facts, step)
    return None


def attention_old(count: int) -> Finding | None:
    """Money that needs a person has waited for more than a day."""
    return Finding(_K.ATTENTION_OLD, _S.WARNING, facts={"count": count}) if count else None


def backup_old(hours: int, *, has_failed: bool) -> Finding | None:
    """The last backup failed, or the last good one is older than a day and two hours."""
    facts: Facts = {"hours": hours}
    if hours > BACKUP_HOURS:
        return Finding(_K.BACKUP_OLD, _S.ALARM, facts=facts, step=2)
    return Finding(_K.BACKUP_OLD, _S.WARNING, facts=facts) if has_failed else None


def webhook_failed(failing: FailingWebhook) -> Finding:
    """Another system took nothing for a day, and has taken nothing since."""
    facts: Facts = {"name": failing.name, "count": failing.count}
    return Finding(_K.WEBHOOK_FAILED, _S.WARNING, str(failing.webhook_id), facts)


def disk_full(free_bytes: int, limits: Settings) -> Finding | None:
    """The disk that the shop's data lie on has little room left."""
    free, least = free_bytes // _MEGABYTE, limits.alert_disk_mb
    if free >= least:
        return None
    is_bad = free * 5 < least
    return Finding(
        _K.DISK_FULL,
        _S.ALARM if is_bad else _S.WARNING,
        facts={"free": free},
        step=2 if is_bad else 1,
    )


def log_large(log_bytes: int) -> Finding | None:
    """SQLite's log grows: somebody reads without end, so that it cannot be put into the file."""
    if log_bytes <= LARGE_LOG_BYTES:
        return None
    return Finding(_K.LOG_LARGE, _S.WARNING, facts={"megabytes": log_bytes // _MEGABYTE})


def worker_silent(since: str, until: str, *, was_selling: bool) -> Finding:
    """No worker ran for a while, told once when one does again."""
    severity = _S.WARNING if was_selling else _S.NOTE
    facts: Facts = {"since": since, "until": until}
    return Finding(_K.WORKER_SILENT, severity, since, facts, is_told_once=True)
