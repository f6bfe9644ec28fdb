"""What waits, who works, and how the books and their disk stand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from pos.extensions import db, settings
from pos.models import (
    Alert,
    DeliveryState,
    Lease,
    Message,
    Till,
    WebhookDelivery,
    WebhookEvent,
)
from pos.reports.closing import exceptions
from pos.reports.counter.glance_rows import WORKER
from pos.reports.office import alert_figures, backups
from pos.reports.watching import readiness
from pos.reports.watching.figure import MOST_ROWS, Figure, age_seconds, counted, one, window

_TICKED = select(Lease.ticked_at).where(Lease.name == WORKER)
_ALERTS = select(Alert.kind, Alert.severity).where(Alert.cleared_at.is_(None)).limit(MOST_ROWS)
_DELIVERIES = (
    select(WebhookDelivery.state)
    .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
    .where(WebhookDelivery.state != DeliveryState.WAITING)
    .order_by(WebhookEvent.at.desc())
    .limit(MOST_ROWS)
)
_WAITING = select(WebhookDelivery.try_at).where(WebhookDelivery.try_at.is_not(None))
_MESSAGES = select(Message.id).where(Message.try_at.is_not(None)).limit(MOST_ROWS)


def figures() -> tuple[Figure, ...]:
    """Return the figures of queues, worker and books: eight queries on indexes."""
    return (*_deliveries(), *_waiting(), *_books())


def _deliveries() -> tuple[Figure, ...]:
    ended = db.session.scalars(_DELIVERIES.where(WebhookEvent.at >= window())).all()
    due = db.session.scalars(_WAITING.order_by(WebhookDelivery.try_at).limit(MOST_ROWS)).all()
    return (
        counted(
            "webhook_deliveries",
            "Deliveries to other systems that ended, of events in the window.",
            ("state",),
            ended,
        ),
        one("webhook_deliveries_waiting", "Deliveries still to be made.", len(due)),
        one("webhook_overdue_seconds", "How long the oldest one is due.", _overdue(due[:1])),
    )


def _overdue(first: Sequence[datetime | None]) -> float:
    return (age_seconds(first[0]) or 0.0) if first else 0.0


def _waiting() -> tuple[Figure, ...]:
    tills = select(Till.id)
    alerts = db.session.execute(_ALERTS).all()
    messages = select(func.count()).select_from(_MESSAGES.subquery())
    return (
        one("attention_open", "Money that waits for a person.", exceptions.count_open(tills)),
        counted("alerts_open", "Alerts that are not over.", ("kind", "severity"), alerts),
        one("messages_waiting", "Mails and chat messages to send.", db.session.scalar(messages)),
        one(
            "worker_heartbeat_age_seconds",
            "Since the worker's last sign.",
            age_seconds(db.session.scalar(_TICKED)),
        ),
    )


def _books() -> tuple[Figure, ...]:
    limits = settings()
    return (
        one("books_damaged", "Records that were changed.", alert_figures.damaged_records()),
        one(
            "backup_age_seconds",
            "Since the newest good backup; none where there is none.",
            age_seconds(backups.good_at()),
        ),
        one("disk_free_bytes", "Free where the shop's data lie.", readiness.disk_free(limits)),
        one("wal_bytes", "Length of SQLite's log.", readiness.wal_bytes()),
        one("window_seconds", "The window of the others.", limits.alert_window_minutes * 60),
    )
