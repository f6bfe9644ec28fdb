"""A store's alerts and who is told of them, for the pages of the office."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.messengers import Trouble
from pos.models import Alert, Channel, Lease, Message, MessageState, Recipient, Severity
from pos.reports.counter.glance import WORKER_SILENT_AFTER
from pos.reports.counter.glance_rows import WORKER
from pos.reports.office.alert_words import SEVERITY, TITLE, text_of
from pos.words import Language, Words, _

LISTED = 30
"""Ended alerts on one page."""

TROUBLE: dict[Trouble, Words] = {
    Trouble.NOT_SET_UP: _("The operator has set up no server for it."),
    Trouble.REFUSED_KEY: _("The server refuses our password or token."),
    Trouble.REFUSED_ADDRESS: _("The server knows no such address, or may not write to it."),
    Trouble.REFUSED: _("The server does not take the message."),
    Trouble.NO_TLS: _("The connection cannot be made secret, so nothing was sent."),
    Trouble.BUSY: _("The server is busy."),
    Trouble.UNREACHABLE: _("The server cannot be reached."),
    Trouble.SILENT: _("The server did not answer; the message may have arrived."),
}
"""Why a message did not arrive, in words."""

WAYS: dict[str, str] = {Channel.EMAIL: _("E-mail"), Channel.TELEGRAM: "Telegram"}
"""Each way out as pages call it."""

_TONE = {Severity.NOTE: "", Severity.WARNING: "unknown", Severity.ALARM: "problem"}


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """One alert; `cleared_at` None while it is open, `was_told_once` where it never was."""

    id: int
    title: str
    text: str
    severity_text: str
    tone: str
    raised_at: datetime
    seen_at: datetime
    cleared_at: datetime | None
    was_told_once: bool
    acknowledged_at: datetime | None
    acknowledged_by: str


@dataclass(frozen=True)
class AlertPage:
    """What is open, what was, and the number to ask for what is older; 0 for no more."""

    open: tuple[AlertLine, ...]
    ended: tuple[AlertLine, ...]
    older: int


@dataclass(frozen=True, kw_only=True)
class RecipientLine:
    """One recipient with their last message; `state` "" where there is none.

    `quiet` is two times of day, or nothing. `next_at` is when the message is tried again.
    """

    id: int
    name: str
    channel: str
    address: str
    least_text: str
    gets_reports: bool
    language: Language
    quiet: tuple[str, str] | None
    state: str
    title: str
    at: datetime | None
    next_at: datetime | None
    tries: int
    trouble_text: str


def page(store_id: int, before: int = 0) -> AlertPage:
    """Return a store's open alerts, worst first, and a page of those that ended, newest first."""
    mine = select(Alert).where(Alert.store_id == store_id)
    opened = db.session.scalars(mine.where(Alert.cleared_at.is_(None)).order_by(Alert.id.desc()))
    over = mine.where(Alert.cleared_at.is_not(None))
    if before:
        over = over.where(Alert.id < before)
    ended = db.session.scalars(over.order_by(Alert.id.desc()).limit(LISTED + 1)).all()
    worst_first = sorted(opened.all(), key=lambda row: -row.severity.rank)
    return AlertPage(
        tuple(_line(row) for row in worst_first),
        tuple(_line(row) for row in ended[:LISTED]),
        ended[LISTED - 1].id if len(ended) > LISTED else 0,
    )


def count_open(store_id: int) -> int:
    """Return how many alerts are open that nobody has taken up."""
    waiting = (Alert.cleared_at.is_(None), Alert.acknowledged_at.is_(None))
    query = select(func.count(Alert.id)).where(Alert.store_id == store_id, *waiting)
    return db.session.scalar(query) or 0


def is_worker_silent() -> bool:
    """Return whether no worker has ticked for a while; True where none ever did."""
    ticked_at = db.session.scalar(select(Lease.ticked_at).where(Lease.name == WORKER))
    return ticked_at is None or clock.now() - ticked_at > WORKER_SILENT_AFTER


def _line(row: Alert) -> AlertLine:
    by = row.acknowledged_by
    return AlertLine(
        id=row.id,
        title=TITLE[row.kind],
        text=text_of(row),
        severity_text=SEVERITY[row.severity],
        tone=_TONE[row.severity],
        raised_at=row.raised_at,
        seen_at=row.seen_at,
        cleared_at=row.cleared_at,
        was_told_once=row.cleared_at == row.raised_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=by.display_name if by else "",
    )


def recipients(store_id: int) -> tuple[RecipientLine, ...]:
    """Return whom a store tells, oldest first, each with what became of their last message."""
    query = select(Recipient).where(Recipient.store_id == store_id, Recipient.is_active.is_(True))
    return tuple(_recipient(row) for row in db.session.scalars(query.order_by(Recipient.id)).all())


def _recipient(row: Recipient) -> RecipientLine:
    newest = select(Message).where(Message.recipient_id == row.id).order_by(Message.id.desc())
    last = db.session.scalar(newest.limit(1))
    trouble = last.trouble if last else ""
    return RecipientLine(
        id=row.id,
        name=row.name,
        channel=str(row.channel),
        address=row.address,
        least_text=_LEAST[row.least],
        gets_reports=row.gets_reports,
        language=row.language,
        quiet=_quiet(row),
        state=str(last.state) if last else "",
        title=last.title if last else "",
        at=(last.sent_at or last.made_at) if last else None,
        next_at=last.try_at if last and last.state is MessageState.WAITING else None,
        tries=last.tries if last else 0,
        trouble_text=TROUBLE[Trouble(trouble)] if trouble in set(map(str, Trouble)) else "",
    )


_LEAST: dict[Severity, Words] = {
    Severity.NOTE: _("Everything"),
    Severity.WARNING: _("Warnings and alarms"),
    Severity.ALARM: _("Alarms only"),
}


def _quiet(row: Recipient) -> tuple[str, str] | None:
    if row.quiet_from is None or row.quiet_until is None:
        return None
    begins, ends = (f"{it // 60:02}:{it % 60:02}" for it in (row.quiet_from, row.quiet_until))
    return begins, ends
