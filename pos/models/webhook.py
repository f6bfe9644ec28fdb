"""Other systems that are told what happens, and each event on its way to each of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.types import Instant, Name, UTCDateTime, word


class Topic(StrEnum):
    """What a webhook is told of."""

    PAID = "payment.paid"
    ATTENTION = "payment.attention"
    REFUNDED = "payment.refunded"
    EXPIRED = "payment.expired"
    CANCELLED = "payment.cancelled"
    SHIFT_CLOSED = "shift.closed"
    TEST = "webhook.test"
    """A try by hand: every webhook gets it, and none asks for it."""


class DeliveryState(StrEnum):
    """How far an event has come to one webhook."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """The webhook was removed before it was told."""


class Webhook(Base):
    """One address that is told of a store's events; `topics` are words with spaces between.

    Its secrets are sealed. After a change the old one signs beside the new one until
    `old_until`. While it is paused its events wait; one that was removed is told nothing more.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    name: Mapped[Name]
    url: Mapped[str] = mapped_column(String(500))
    topics: Mapped[str] = mapped_column(String(255))
    secret_sealed: Mapped[str] = mapped_column(Text)
    old_secret_sealed: Mapped[str] = mapped_column(Text, default="")
    old_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[Instant]
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<Webhook {self.id}>"


class WebhookEvent(Base):
    """Something that happened, as it is told: written with what it tells of, never changed.

    `uid` is its id at the other end, the same at each try. `body` is the JSON, byte by byte.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (Index("ix_webhook_event_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    topic: Mapped[Topic] = mapped_column(word(Topic))
    at: Mapped[Instant]
    body: Mapped[str] = mapped_column(Text)


class WebhookDelivery(Base):
    """One event on its way to one webhook. `try_at` is None once nothing more is tried.

    A try is counted before it is made; `tries_before` are those before it was last sent by
    hand. `status` is the last answer's, `trouble` what was wrong.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_due", "try_at", "webhook_id"),
        Index("ix_webhook_delivery_log", "webhook_id", "id"),
        Index("ix_webhook_delivery_event_id", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_event.id"))
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState))
    try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    tries_before: Mapped[int] = mapped_column(Integer, default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status: Mapped[int | None] = mapped_column(Integer)
    trouble: Mapped[str] = mapped_column(String(16), default="")

    webhook: Mapped[Webhook] = relationship()
    event: Mapped[WebhookEvent] = relationship()
