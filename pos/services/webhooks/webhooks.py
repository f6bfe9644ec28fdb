"""The webhooks of a store: a manager adds them, tests them, pauses them and removes them."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select, update

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound
from pos.extensions import db, settings
from pos.messengers.webhook import check_address
from pos.models import Deed, DeliveryState, Topic, User, Webhook, WebhookDelivery, WebhookEvent
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.banking import vault
from pos.services.webhooks import signing, telling
from pos.words import _

MOST = 10
"""Webhooks of one store."""

LONGEST_NAME = 40

OLD_SECRET_SIGNS = timedelta(days=1)
"""So long the old secret signs beside a new one: time to put the new one in."""

_BESIDE_EVENTS = {"key_share": True}
"""A row is locked so that a sale which puts an event out for it need not wait."""

TEST_WAIT = timedelta(seconds=10)
"""Between two tests of one webhook."""

CHOICES = tuple(topic for topic in Topic if topic is not Topic.TEST)
"""What a webhook may ask for."""


def add(user: User, name: str, url: str, topics: Collection[Topic]) -> tuple[int, str]:
    """Add a webhook to a person's store; return its id and its secret, shown this once.

    BadInput for an address that nothing may be posted to, or where nothing is chosen.
    """
    _refuse_others(user)
    name, url = _name(name), check_address(url, may_stay_here=settings().webhook_loopback)
    chosen = " ".join(topic for topic in CHOICES if topic in topics)
    if not chosen:
        raise BadInput(_("Choose what it is told of."))
    store_id, who, secret = user.store_id, user.who, signing.new_secret()
    with writing(db.session):
        in_use = (Webhook.store_id == store_id, Webhook.removed_at.is_(None))
        if (db.session.scalar(select(func.count(Webhook.id)).where(*in_use)) or 0) >= MOST:
            raise BadInput(_("A store has %(most)s webhooks at most. Remove one.", most=MOST))
        row = Webhook(
            store_id=store_id,
            name=name,
            url=url,
            topics=chosen,
            secret_sealed=vault.seal(settings(), secret),
            made_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        webhook_id = row.id
        audit.note(Deed.WEBHOOK_ADDED, who, name, store_id, topics=chosen, webhook=webhook_id)
    return webhook_id, secret


def pause(user: User, webhook_id: int) -> None:
    """Send a webhook nothing for now; what happens meanwhile waits. NotFound for another's."""
    _refuse_others(user)
    store_id, who = user.store_id, user.who
    with writing(db.session):
        row = _own(store_id, webhook_id)
        if row.paused_at is None:
            row.paused_at = clock.now()
            audit.note(Deed.WEBHOOK_PAUSED, who, row.name, store_id, webhook=webhook_id)


def resume(user: User, webhook_id: int) -> None:
    """Send a paused webhook what waited, and what happens from now on."""
    _refuse_others(user)
    store_id, who = user.store_id, user.who
    with writing(db.session):
        row = _own(store_id, webhook_id)
        if row.paused_at is not None:
            row.paused_at = None
            audit.note(Deed.WEBHOOK_RESUMED, who, row.name, store_id, webhook=webhook_id)


def remove(user: User, webhook_id: int) -> None:
    """Tell a webhook nothing more, not even what waits, and forget its secrets."""
    _refuse_others(user)
    store_id, who = user.store_id, user.who
    with writing(db.session):
        row = _own(store_id, webhook_id)
        row.removed_at, row.secret_sealed, row.old_secret_sealed = clock.now(), "", ""
        waiting = update(WebhookDelivery).where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.state == DeliveryState.WAITING,
        )
        db.session.execute(
            waiting.values(state=DeliveryState.DROPPED, try_at=None, ended_at=clock.now())
        )
        audit.note(Deed.WEBHOOK_REMOVED, who, row.name, store_id, webhook=webhook_id)


def renew_secret(user: User, webhook_id: int) -> str:
    """Give a webhook a new secret and return it, shown this once; the old one signs a day more."""
    _refuse_others(user)
    store_id, who, secret = user.store_id, user.who, signing.new_secret()
    with writing(db.session):
        row = _own(store_id, webhook_id)
        row.old_secret_sealed, row.old_until = row.secret_sealed, clock.now() + OLD_SECRET_SIGNS
        row.secret_sealed = vault.seal(settings(), secret)
        audit.note(Deed.WEBHOOK_SECRET, who, row.name, store_id, webhook=webhook_id)
    return secret


def test(user: User, webhook_id: int) -> None:
    """Put out a test event; BadInput so soon after another one, or while it is paused."""
    _refuse_others(user)
    store_id = user.store_id
    with writing(db.session):
        row = _own(store_id, webhook_id)
        if row.paused_at is not None:
            raise BadInput(_("It is paused. Let it be told again first."))
        query = (
            select(func.max(WebhookEvent.at))
            .join(WebhookDelivery, WebhookDelivery.event_id == WebhookEvent.id)
            .where(WebhookDelivery.webhook_id == row.id, WebhookEvent.topic == Topic.TEST)
        )
        last = db.session.scalar(query)
        if last is not None and abs(clock.now() - last) < TEST_WAIT:
            raise BadInput(_("A test was just sent. Wait a moment before the next one."))
        telling.test(row)


def send_again(user: User, delivery_id: int) -> int:
    """Send an event once more, now, under its own id; return its webhook's id.

    One that still waits is tried at once; else its tries begin anew. NotFound for another
    store's, or where the webhook was removed.
    """
    _refuse_others(user)
    store_id, who, gone = user.store_id, user.who, _("There is no such event.")
    with writing(db.session):
        row = db.session.get(
            WebhookDelivery, delivery_id, populate_existing=True, with_for_update=True
        )
        if row is None or row.webhook.store_id != store_id or row.webhook.removed_at is not None:
            raise NotFound(gone)
        if row.state is not DeliveryState.WAITING:
            row.state, row.ended_at, row.tries_before = DeliveryState.WAITING, None, row.tries
        row.try_at = clock.now()
        about, webhook_id = row.webhook.name, row.webhook_id
        audit.note(Deed.WEBHOOK_RESENT, who, about, store_id, event=row.event.uid)
    return webhook_id


def _refuse_others(user: User) -> None:
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers say which systems are told."))


def _own(store_id: int, webhook_id: int) -> Webhook:
    row = db.session.get(
        Webhook, webhook_id, populate_existing=True, with_for_update=_BESIDE_EVENTS
    )
    if row is None or row.store_id != store_id or row.removed_at is not None:
        raise NotFound(_("There is no such webhook."))
    return row


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(_("A name has %(most)s letters at most, in one line.", most=LONGEST_NAME))
    return name
