"""Which events of the shop other systems are told of, put out with what they tell of.

Everything here is written in the open transaction of the deed: either both happened or neither.
Nothing is sent from here, so no deed ever waits for another system.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from pos import clock
from pos.extensions import db
from pos.models import (
    DeliveryState,
    GatewayTransaction,
    Payment,
    Till,
    Topic,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
    ZReport,
)
from pos.reports.wording import NEEDS_A_PERSON
from pos.services.webhooks import bodies
from pos.states import EventName

_E = EventName

_ENDS = {
    _E.EXPIRED: Topic.EXPIRED,
    _E.CANCELLED: Topic.CANCELLED,
    _E.REFUNDED: Topic.REFUNDED,
    _E.REFUND_FOUND: Topic.ATTENTION,
}
_SETTLING = frozenset({_E.PAID, _E.ACCEPTED, _E.MARK_CONFIRMED})
_ALARMING = frozenset(
    {_E.PAID, _E.WRONG_MONEY, _E.LATE_MONEY, _E.ACCEPTED, _E.MARK_DENIED, _E.UNCONFIRMED}
)
_TOLD = _SETTLING | _ALARMING | _ENDS.keys() | {_E.MARKED}

_OF_TILL = (
    select(Webhook)
    .join(Till, Till.store_id == Webhook.store_id)
    .where(Till.id == bindparam("till_id"), Webhook.removed_at.is_(None))
)
"""Written once: it is asked with each payment."""


def of_payment(payment: Payment, name: EventName, facts: dict[str, Any]) -> None:
    """Put out what one line of a payment's history means for other systems, if anything."""
    if name not in _TOLD:
        return
    webhooks = db.session.scalars(_OF_TILL, {"till_id": payment.till_id}).all()
    for topic in _topics(payment, name) if webhooks else ():
        wanting = _wanting(webhooks, topic)
        if wanting:
            _put(wanting, topic, bodies.of_payment(payment, facts))


def _topics(payment: Payment, name: EventName) -> tuple[Topic, ...]:
    """Return what the line comes to: money may settle a sale and need a person as well."""
    if name in _ENDS:
        return (_ENDS[name],)
    is_paid = name is _E.MARKED or (name in _SETTLING and _settles(payment.id))
    is_odd = name in _ALARMING and payment.remark in NEEDS_A_PERSON
    return (*([Topic.PAID] if is_paid else []), *([Topic.ATTENTION] if is_odd else []))


def _settles(payment_id: int) -> bool:
    """Return whether this payment's money settles its sale, and no other's did before."""
    query = select(GatewayTransaction.id).where(
        GatewayTransaction.payment_id == payment_id,
        GatewayTransaction.settles_sale_id.is_not(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def of_shift(report: ZReport) -> None:
    """Put out that a shift was closed, with its totals."""
    webhooks = db.session.scalars(_OF_TILL, {"till_id": report.till_id}).all()
    wanting = _wanting(webhooks, Topic.SHIFT_CLOSED)
    if wanting:
        _put(wanting, Topic.SHIFT_CLOSED, bodies.of_shift(report))


def test(webhook: Webhook) -> None:
    """Put out a test to one webhook, whatever it asked for."""
    _put([webhook], Topic.TEST, {"webhook": {"name": webhook.name}})


def _wanting(webhooks: Sequence[Webhook], topic: Topic) -> list[Webhook]:
    return [one for one in webhooks if topic in one.topics.split()]


def _put(webhooks: Sequence[Webhook], topic: Topic, data: bodies.Data) -> None:
    now, uid = clock.now(), f"evt_{secrets.token_hex(16)}"
    event = WebhookEvent(
        store_id=webhooks[0].store_id,
        uid=uid,
        topic=topic,
        at=now,
        body=bodies.write(uid, topic, now, data),
    )
    for one in webhooks:
        db.session.add(
            WebhookDelivery(webhook_id=one.id, event=event, state=DeliveryState.WAITING, try_at=now)
        )
