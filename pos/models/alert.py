"""What the shop should look into, who is told of it, and each message on its way to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.types import Instant, Name, UTCDateTime, word
from pos.models.user import User
from pos.words import Language

_OPEN = text("cleared_at IS NULL")


class AlertKind(StrEnum):
    """What is wrong."""

    SUCCESS_RATE = "success_rate"
    CALLBACK_TIME = "callback_time"
    QR_FAILURES = "qr_failures"
    FAILED_DAILY = "failed_daily"
    BOOKS_DAMAGED = "books_damaged"
    BANK_DIFFERS = "bank_differs"
    WORKER_SILENT = "worker_silent"
    KEY_ENDING = "key_ending"
    ATTENTION_OLD = "attention_old"
    DISK_FULL = "disk_full"
    WEBHOOK_FAILED = "webhook_failed"
    BACKUP_OLD = "backup_old"
    LOG_LARGE = "log_large"
    """SQLite's own log, beside its file."""


class Severity(StrEnum):
    """How much it matters, from the least on."""

    NOTE = "note"
    WARNING = "warning"
    ALARM = "alarm"

    @property
    def rank(self) -> int:
        """Its place from the least on, from 0."""
        return list(Severity).index(self)


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    TELEGRAM = "telegram"


class MessageKind(StrEnum):
    """What a message tells."""

    RAISED = "raised"
    WORSE = "worse"
    CLEARED = "cleared"
    TEST = "test"
    REPORT = "report"
    """A Z report, sent to who wants them all."""


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Alert(Base):
    """One thing that is wrong at one store, from when it was seen until it is good again.

    There is one open row for a kind and subject. `step` grows as it gets worse and never
    shrinks; `seen_at` is when it was last so; `facts` is what its sentence is made of.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("uq_alert_open", "store_id", "kind", "subject", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_alert_store_id", "store_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    kind: Mapped[AlertKind] = mapped_column(word(AlertKind))
    subject: Mapped[str] = mapped_column(String(160))
    severity: Mapped[Severity] = mapped_column(word(Severity))
    step: Mapped[int] = mapped_column(Integer)
    facts: Mapped[dict[str, str | int]] = mapped_column(JSON)
    raised_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    acknowledged_by: Mapped[User | None] = relationship()


class AlertLook(Base):
    """When the worker last looked, and up to which day it told of failed payments; one row."""

    __tablename__ = "alert_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    looked_at: Mapped[Instant]
    told_on: Mapped[date] = mapped_column(Date)


class Recipient(Base):
    """Somebody who is told of a store's alerts, from one severity on, and of its Zs if they wish.

    In quiet hours, minutes after midnight in Phnom Penh, only alarms reach them. Who was
    removed is no longer active.
    """

    __tablename__ = "recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    name: Mapped[Name]
    channel: Mapped[Channel] = mapped_column(word(Channel))
    address: Mapped[str] = mapped_column(String(254))
    least: Mapped[Severity] = mapped_column(word(Severity))
    language: Mapped[Language] = mapped_column(word(Language))
    quiet_from: Mapped[int | None] = mapped_column(Integer)
    quiet_until: Mapped[int | None] = mapped_column(Integer)
    gets_reports: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    added_at: Mapped[Instant]


class Message(Base):
    """One message to one recipient: the outbox. `try_at` is None once nothing more is tried.

    It is sent at least once: a try is counted before it is made. `trouble` is what became of
    the last one. `pdf_id` is the paper that goes with it, where its way takes one.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_try_at", "try_at"),
        Index("ix_message_recipient_id", "recipient_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"), index=True)
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("archived_pdf.id"))
    kind: Mapped[MessageKind] = mapped_column(word(MessageKind))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[MessageState] = mapped_column(word(MessageState))
    made_at: Mapped[Instant]
    try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[str] = mapped_column(String(16), default="")

    recipient: Mapped[Recipient] = relationship()
    alert: Mapped[Alert | None] = relationship()
