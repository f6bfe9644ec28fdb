"""Events leave from the worker alone, signed, and are tried again for nearly a day.

An event arrives at least once: a try is counted, and the next one planned, before it is made. So
a worker that dies in the middle leaves nothing undone, and two workers never try at once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.extensions import db, settings
from pos.messengers import webhook as messenger
from pos.messengers.webhook import Posted
from pos.models import DeliveryState, Webhook, WebhookDelivery, WebhookEvent
from pos.services.banking import vault
from pos.services.shop import lease
from pos.services.webhooks import signing

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (10, 60, 300, 900, 3_600, 10_800, 21_600, 43_200)
"""Between two tries; after the last one, 22 hours after the first, an event is given up."""

MOST_AT_ONCE = 10
"""Events that one webhook is told in its turn, before others have theirs."""

KEPT = timedelta(days=60)
"""What was told is looked up for so long."""

MOST_FORGOTTEN = 500

_S = DeliveryState


@dataclass(frozen=True)
class _Sending:
    """One event as it goes out now."""

    delivery_id: int
    tries: int
    url: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


def due() -> Sequence[int]:
    """Return the webhooks that something is due for, whose wait was longest first."""
    query = (
        select(WebhookDelivery.webhook_id)
        .join(WebhookDelivery.webhook)
        .where(WebhookDelivery.try_at <= clock.now())
        .where(Webhook.paused_at.is_(None), Webhook.removed_at.is_(None))
        .group_by(WebhookDelivery.webhook_id)
        .order_by(func.min(WebhookDelivery.try_at))
    )
    return db.session.scalars(query).all()


def tell(webhook_id: int) -> None:
    """Send one webhook what is due, oldest first; what does not arrive ends its turn."""
    for delivery_id in _due_for(webhook_id):
        if not deliver(delivery_id):
            return


def tell_all() -> None:
    """Send every webhook what is due, one after the other."""
    for webhook_id in due():
        tell(webhook_id)


def _due_for(webhook_id: int) -> Sequence[int]:
    query = select(WebhookDelivery.id).where(
        WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.try_at <= clock.now()
    )
    return db.session.scalars(query.order_by(WebhookDelivery.id).limit(MOST_AT_ONCE)).all()


def deliver(delivery_id: int) -> bool:
    """Try to tell one event, once; return whether it arrived at this try."""
    row = db.session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    if row.webhook.paused_at is not None or not _claim(delivery_id, row.tries):
        return False
    sending = _sending(delivery_id)
    # No transaction is open while another system is told.
    db.session.rollback()
    done = messenger.post(
        sending.url,
        sending.body,
        sending.headers,
        may_stay_here=settings().webhook_loopback,
    )
    with lease.unfenced():
        _record(sending, done)
    return done.trouble is None


def _claim(delivery_id: int, tries: int) -> bool:
    """Count a try and plan the next one; only one caller is told that it may send.

    Nobody is, once the webhook is paused or removed.
    """
    now, this = clock.now(), WebhookDelivery
    in_use = select(Webhook.id).where(Webhook.paused_at.is_(None), Webhook.removed_at.is_(None))
    with writing(db.session):
        before = db.session.scalar(select(this.tries_before).where(this.id == delivery_id)) or 0
        wait = BACK_OFF_SECONDS[min(tries - before, len(BACK_OFF_SECONDS) - 1)]
        claim = update(this).where(
            *(this.id == delivery_id, this.tries == tries, this.try_at <= now),
            this.webhook_id.in_(in_use),
        )
        planned = {"tries": tries + 1, "tried_at": now, "try_at": now + timedelta(seconds=wait)}
        return rows_changed(db.session, claim.values(**planned)) == 1


def _sending(delivery_id: int) -> _Sending:
    row = db.session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    event, body = row.event, row.event.body.encode()
    at = int(clock.now().timestamp())
    headers = {
        signing.HEADER: signing.header(_keys(row.webhook), at, body),
        "X-Pos-Event": event.uid,
        "X-Pos-Topic": str(event.topic),
        "X-Pos-Try": str(row.tries),
    }
    return _Sending(delivery_id, row.tries, row.webhook.url, body, headers)


def _keys(row: Webhook) -> list[str]:
    """Return the secrets that sign now: for a day after a change the old one does, too."""
    sealed = [row.secret_sealed]
    if row.old_until is not None and row.old_until > clock.now():
        sealed.append(row.old_secret_sealed)
    return [vault.unseal(settings(), one) for one in sealed if one]


def _record(sending: _Sending, done: Posted) -> None:
    """Write down what became of a try, unless a later one was begun since."""
    with writing(db.session):
        row = db.session.get_one(
            WebhookDelivery, sending.delivery_id, populate_existing=True, with_for_update=True
        )
        if done.trouble is None:
            # True whoever has tried again since.
            _end(row, _S.DELIVERED, done)
        elif row.tries == sending.tries and row.state is _S.WAITING:
            _plan(row, done, clock.now())


def _plan(row: WebhookDelivery, done: Posted, now: datetime) -> None:
    if done.is_final or row.tries - row.tries_before > len(BACK_OFF_SECONDS):
        _end(row, _S.FAILED, done)
        log.warning("delivery %d of webhook %d was given up", row.id, row.webhook_id)
        return
    row.status, row.trouble = done.status, str(done.trouble)
    if row.try_at is not None:
        row.try_at = max(row.try_at, now + timedelta(seconds=done.wait_seconds))


def _end(row: WebhookDelivery, state: DeliveryState, done: Posted) -> None:
    row.state, row.try_at, row.ended_at = state, None, clock.now()
    row.status, row.trouble = done.status, str(done.trouble or "")


def forget_old() -> None:
    """Forget events of two months ago with what became of them, some at a time."""
    old = (
        select(WebhookEvent.id)
        .where(WebhookEvent.at < clock.now() - KEPT)
        .order_by(WebhookEvent.at)
        .limit(MOST_FORGOTTEN)
    )
    gone = db.session.scalars(old).all()
    if gone:
        with writing(db.session):
            db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_id.in_(gone)))
            db.session.execute(delete(WebhookEvent).where(WebhookEvent.id.in_(gone)))
