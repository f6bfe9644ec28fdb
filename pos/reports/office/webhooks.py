"""A store's webhooks and what became of the events that they were told, for the office."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from pos.errors import NotFound
from pos.extensions import db
from pos.messengers import Trouble
from pos.models import DeliveryState, Topic, Webhook, WebhookDelivery
from pos.words import Words, _

LISTED = 30
"""Deliveries on one page."""

TOPIC: dict[Topic, Words] = {
    Topic.PAID: _("A payment settled its sale"),
    Topic.ATTENTION: _("Money needs a person"),
    Topic.REFUNDED: _("Money went back"),
    Topic.EXPIRED: _("A QR ran out"),
    Topic.CANCELLED: _("A QR was taken back"),
    Topic.SHIFT_CLOSED: _("A shift was closed"),
    Topic.TEST: _("A test"),
}
"""Each topic as pages call it."""

TROUBLE: dict[Trouble, Words] = {
    Trouble.REFUSED_ADDRESS: _("The address leads nowhere on the internet: nothing was sent."),
    Trouble.REFUSED: _("The other system does not take it."),
    Trouble.NO_TLS: _("The connection cannot be made secret, so nothing was sent."),
    Trouble.BUSY: _("The other system is busy, or broken."),
    Trouble.UNREACHABLE: _("The other system cannot be reached."),
    Trouble.SILENT: _("The other system did not answer in time; it may have heard."),
}
"""Why an event did not arrive, in words."""


@dataclass(frozen=True)
class FailingWebhook:
    """A webhook that events were given up for, since the last that it took."""

    webhook_id: int
    name: str
    count: int


@dataclass(frozen=True, kw_only=True)
class WebhookLine:
    """One webhook; `waiting` events are on their way, `failed` were given up since it took one."""

    id: int
    name: str
    url: str
    topics: tuple[Topic, ...]
    made_at: datetime
    paused_at: datetime | None
    waiting: int
    failed: int
    told_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One event on its way to one webhook; `next_at` is when it is tried again."""

    id: int
    uid: str
    topic: Topic
    topic_text: str
    at: datetime
    state: DeliveryState
    tries: int
    tried_at: datetime | None
    next_at: datetime | None
    status: int | None
    trouble_text: str


@dataclass(frozen=True)
class Log:
    """A page of deliveries, the newest first, and the number to ask for older ones; 0 for none."""

    lines: tuple[DeliveryLine, ...]
    older: int


def of_store(store_id: int) -> tuple[WebhookLine, ...]:
    """Return a store's webhooks, oldest first; none that was removed."""
    return tuple(_line(row) for row in db.session.scalars(_of(store_id).order_by(Webhook.id)).all())


def one(store_id: int, webhook_id: int) -> WebhookLine:
    """Return one webhook of a store; NotFound for any other."""
    row = db.session.scalar(_of(store_id).where(Webhook.id == webhook_id))
    if row is None:
        raise NotFound(_("There is no such webhook."))
    return _line(row)


def _of(store_id: int) -> Select[Webhook]:
    return select(Webhook).where(Webhook.store_id == store_id, Webhook.removed_at.is_(None))


def log(webhook_id: int, before: int = 0) -> Log:
    """Return a page of what a webhook was told; whose it is, `one` has looked at."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if before:
        query = query.where(WebhookDelivery.id < before)
    query = query.options(joinedload(WebhookDelivery.event)).order_by(WebhookDelivery.id.desc())
    rows = db.session.scalars(query.limit(LISTED + 1)).all()
    older = rows[LISTED - 1].id if len(rows) > LISTED else 0
    return Log(tuple(_delivery(row) for row in rows[:LISTED]), older)


def failing(store_id: int) -> tuple[FailingWebhook, ...]:
    """Return the webhooks in use that take nothing any more, each with the events given up."""
    rows = db.session.scalars(_of(store_id).where(Webhook.paused_at.is_(None))).all()
    counted = ((row, _given_up(row.id)) for row in rows)
    return tuple(FailingWebhook(row.id, row.name, count) for row, count in counted if count)


def _given_up(webhook_id: int) -> int:
    """Return how many events were given up since the last one that arrived."""
    mine = (WebhookDelivery.webhook_id == webhook_id,)
    arrived = select(func.max(WebhookDelivery.ended_at)).where(
        *mine, WebhookDelivery.state == DeliveryState.DELIVERED
    )
    query = select(func.count(WebhookDelivery.id)).where(
        *mine, WebhookDelivery.state == DeliveryState.FAILED
    )
    last = db.session.scalar(arrived)
    if last is not None:
        query = query.where(WebhookDelivery.ended_at > last)
    return db.session.scalar(query) or 0


def _line(row: Webhook) -> WebhookLine:
    mine = (WebhookDelivery.webhook_id == row.id,)
    waiting = select(func.count(WebhookDelivery.id)).where(
        *mine, WebhookDelivery.try_at.is_not(None)
    )
    told = select(func.max(WebhookDelivery.ended_at)).where(
        *mine, WebhookDelivery.state == DeliveryState.DELIVERED
    )
    return WebhookLine(
        id=row.id,
        name=row.name,
        url=row.url,
        # One of a newer program is not shown.
        topics=tuple(topic for topic in Topic if topic in row.topics.split()),
        made_at=row.made_at,
        paused_at=row.paused_at,
        waiting=db.session.scalar(waiting) or 0,
        failed=_given_up(row.id),
        told_at=db.session.scalar(told),
    )


def _delivery(row: WebhookDelivery) -> DeliveryLine:
    is_known = row.trouble in set(map(str, TROUBLE))
    return DeliveryLine(
        id=row.id,
        uid=row.event.uid,
        topic=row.event.topic,
        topic_text=TOPIC[row.event.topic],
        at=row.event.at,
        state=row.state,
        tries=row.tries,
        tried_at=row.tried_at,
        next_at=row.try_at if row.tries else None,
        status=row.status,
        trouble_text=TROUBLE[Trouble(row.trouble)] if is_known else "",
    )
