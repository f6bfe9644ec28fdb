"""The alerts of each store: raised when a rule finds something, ended when it is long gone.

A row is raised once for a kind and subject, told once, told again only when it gets worse, and
ended after a calm time; so what comes and goes is one alert and not twenty.
"""

import shutil
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.damage import log_bytes
from pos.database import writing
from pos.errors import NotAllowed, NotFound
from pos.extensions import db, settings
from pos.models import Alert, AlertLook, Deed, MessageKind, Store, User
from pos.permissions import Right
from pos.reports.office import alert_figures as figures
from pos.reports.office import backups, webhooks
from pos.services.alerting import outbox, rules
from pos.services.alerting.rules import Finding
from pos.services.auditing import audit
from pos.words import _

_THE_ONE = 1
_FRESH = timedelta(seconds=60)
"""So old may `seen_at` and `looked_at` be: not every look is a write."""


def look() -> None:
    """Look at every store once: raise, worsen and end its alerts, and put messages out."""
    now = clock.now()
    last = db.session.get(AlertLook, _THE_ONE)
    looked_at, told_on = (last.looked_at, last.told_on) if last else (now, _day_before(now))
    daily = _daily(now, told_on)
    for store_id in db.session.scalars(select(Store.id).order_by(Store.id)).all():
        store = db.session.get_one(Store, store_id)
        _settle(store_id, (*_found(store), *_of_past(store_id, looked_at, daily)), now)
    if last is None or daily or abs(now - looked_at) >= _FRESH:
        _note_look(now, daily or told_on)


def _day_before(now: datetime) -> date:
    return clock.business_date(now) - timedelta(days=1)


def _daily(now: datetime, told_on: date) -> date | None:
    """Return the day that is to be summed up now, if one is."""
    is_time = clock.shop_time(now).hour >= settings().alert_daily_hour
    return _day_before(now) if is_time and told_on < _day_before(now) else None


def _note_look(now: datetime, told_on: date) -> None:
    with writing(db.session):
        row = db.session.get(AlertLook, _THE_ONE)
        if row is None:
            db.session.add(AlertLook(id=_THE_ONE, looked_at=now, told_on=told_on))
        else:
            row.looked_at, row.told_on = now, told_on


def _found(store: Store) -> tuple[Finding, ...]:
    """Return what is wrong at a store now."""
    limits = settings()
    since = clock.now() - timedelta(minutes=limits.alert_window_minutes)
    seen = figures.attempts(store.id, since)
    found = (
        rules.success_rate(seen, limits),
        rules.callback_time(figures.callbacks_took(store.id, since), limits),
        *rules.qr_failures(seen, limits),
        rules.books_damaged(figures.damaged_records()),
        rules.bank_differs(*figures.last_differences(store.id)),
        *(rules.key_ending(one) for one in figures.keys(store)),
        rules.attention_old(figures.old_attention(store.id)),
        *(rules.webhook_failed(one) for one in webhooks.failing(store.id)),
        rules.backup_old(backups.hours_without(), has_failed=backups.has_failed()),
        rules.disk_full(shutil.disk_usage(limits.instance).free, limits),
        rules.log_large(log_bytes(db.engine)),
    )
    return tuple(one for one in found if one)


def _of_past(store_id: int, looked_at: datetime, daily: date | None) -> tuple[Finding, ...]:
    """Return what is told once, of a time that is over."""
    found: list[Finding | None] = []
    now = clock.now()
    if now - looked_at >= timedelta(minutes=settings().alert_silent_minutes):
        selling = figures.was_selling(store_id, looked_at)
        found.append(rules.worker_silent(_told(looked_at), _told(now), was_selling=selling))
    if daily:
        found.append(rules.failed_daily(figures.day_sum(store_id, daily)))
    return tuple(one for one in found if one)


def _told(instant: datetime) -> str:
    return f"{clock.shop_time(instant):%Y-%m-%d %H:%M}"


def _settle(store_id: int, found: Iterable[Finding], now: datetime) -> None:
    """Bring a store's alerts in line with what was found; writes only where something changed."""
    wanted = {(one.kind, one.subject): one for one in found}
    is_open = (Alert.store_id == store_id, Alert.cleared_at.is_(None))
    rows = {
        (row.kind, row.subject): row for row in db.session.scalars(select(Alert).where(*is_open))
    }
    changes = [row.id for key, row in rows.items() if _changes(row, wanted.get(key), now)]
    new = [one for key, one in wanted.items() if key not in rows]
    if not changes and not new:
        return
    try:
        with writing(db.session):
            for alert_id in changes:
                row = db.session.get_one(Alert, alert_id, populate_existing=True)
                _change(row, wanted.get((row.kind, row.subject)), now)
            for one in new:
                _raise(store_id, one, now)
    except IntegrityError:
        return  # Another look was quicker; the next one sees what it wrote.


def _changes(row: Alert, found: Finding | None, now: datetime) -> bool:
    if found is None:
        return now - row.seen_at >= timedelta(minutes=settings().alert_calm_minutes)
    return found.step > row.step or abs(now - row.seen_at) >= _FRESH


def _change(row: Alert, found: Finding | None, now: datetime) -> None:
    if row.cleared_at is not None:
        return
    if found is None:
        row.cleared_at = now
        outbox.put(row, MessageKind.CLEARED)
        return
    row.seen_at, row.facts = now, found.facts
    if found.step > row.step:
        row.step, row.severity = found.step, found.severity
        row.acknowledged_at = row.acknowledged_by_id = None
        outbox.put(row, MessageKind.WORSE)


def _raise(store_id: int, found: Finding, now: datetime) -> None:
    same = (Alert.kind == found.kind, Alert.subject == found.subject, Alert.store_id == store_id)
    if found.is_told_once and db.session.scalar(select(Alert.id).where(*same).limit(1)):
        return
    row = Alert(
        store_id=store_id,
        kind=found.kind,
        subject=found.subject,
        severity=found.severity,
        step=found.step,
        facts=found.facts,
        raised_at=now,
        seen_at=now,
        cleared_at=now if found.is_told_once else None,
    )
    db.session.add(row)
    db.session.flush()
    outbox.put(row, MessageKind.RAISED)


def acknowledge(user: User, alert_id: int) -> None:
    """Write down that a person has taken an alert up; NotFound for another store's."""
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers take alerts up."))
    user_id, store_id, who = user.id, user.store_id, user.who
    with writing(db.session):
        row = db.session.get(Alert, alert_id, populate_existing=True, with_for_update=True)
        if row is None or row.store_id != store_id:
            raise NotFound(_("There is no such alert."))
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by_id = clock.now(), user_id
            audit.note(Deed.ALERT_ACKNOWLEDGED, who, f"{row.kind} {row.subject}", store_id)
