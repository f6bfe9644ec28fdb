"""The outbox: messages are put here with what they tell of, and leave from the worker alone.

A message is sent at least once. A try is counted, and the next one planned, before it is made;
so a worker that dies in the middle leaves nothing undone, and two workers never try at once.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from pos import catalogue, clock
from pos.database import rows_changed, writing
from pos.extensions import db, settings
from pos.messengers import Delivery, Letter, MailServer, Paper, TelegramBot, Way
from pos.messengers.mail import Tls
from pos.models import (
    Alert,
    ArchivedPdf,
    Channel,
    Message,
    MessageKind,
    MessageState,
    Recipient,
    Severity,
    Store,
    Till,
    ZReport,
)
from pos.reports.closing import z_report
from pos.reports.closing.z_report import ZView
from pos.reports.office import z_letter
from pos.reports.office.alert_words import SEVERITY, TITLE, text_of
from pos.services.shop import lease
from pos.words import Words, _

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (60, 300, 900, 3_600, 10_800, 21_600, 43_200)
"""Between two tries; after the last one, a day after the first, the message is given up."""

MOST_AT_ONCE = 20

_NO_NAME = re.compile(r'[\\/:*?"<>|]')
"""What no name of a file may have, on whatever machine the mail is read."""

_TITLES: dict[MessageKind, Words] = {
    MessageKind.RAISED: _("%(severity)s: %(title)s", severity="", title=""),
    MessageKind.WORSE: _("Worse, %(severity)s: %(title)s", severity="", title=""),
    MessageKind.CLEARED: _("Good again: %(title)s", severity="", title=""),
}


def put(alert: Alert, kind: MessageKind) -> None:
    """Write the messages about an alert, in the open transaction, to whom it concerns."""
    store = db.session.get_one(Store, alert.store_id)
    for recipient in _active(alert.store_id):
        if alert.severity.rank >= recipient.least.rank:
            is_loud = alert.severity is Severity.ALARM and kind is not MessageKind.CLEARED
            at = clock.now()
            db.session.add(_message(recipient, store, alert, kind, at, at if is_loud else None))


def _active(store_id: int, *more: ColumnElement[bool]) -> Sequence[Recipient]:
    mine = (Recipient.store_id == store_id, Recipient.is_active.is_(True), *more)
    return db.session.scalars(select(Recipient).where(*mine).order_by(Recipient.id)).all()


def put_report(pdf: ArchivedPdf) -> None:
    """Write the messages with a Z report's PDF, in the open transaction, to who wants them."""
    record = db.session.get_one(ZReport, pdf.document_id)
    store_id = db.session.get_one(Till, record.till_id).store_id
    for recipient in _active(store_id, Recipient.gets_reports.is_(True)):
        db.session.add(_report(recipient, z_report.from_json(record.body), pdf.id))


def _report(to: Recipient, view: ZView, pdf_id: int) -> Message:
    now = clock.now()
    return Message(
        recipient_id=to.id,
        pdf_id=pdf_id,
        kind=MessageKind.REPORT,
        title=catalogue.say(to.language, z_letter.title(view))[:200],
        body="\n".join(catalogue.say(to.language, line) for line in z_letter.lines(view)),
        state=MessageState.WAITING,
        made_at=now,
        try_at=after_quiet(now, to.quiet_from, to.quiet_until),
    )


def put_test(recipient: Recipient) -> None:
    """Write a test message, in the open transaction; it minds no quiet hours."""
    title, now = _("Test message"), clock.now()
    body = _("This is a test. Alerts of %(store)s arrive here.", store=recipient_store(recipient))
    db.session.add(
        Message(
            recipient_id=recipient.id,
            kind=MessageKind.TEST,
            title=catalogue.say(recipient.language, title),
            body=catalogue.say(recipient.language, body),
            state=MessageState.WAITING,
            made_at=now,
            try_at=now,
        )
    )


def recipient_store(recipient: Recipient) -> str:
    """Return the name of a recipient's store."""
    return db.session.get_one(Store, recipient.store_id).name


def _message(
    to: Recipient,
    store: Store,
    alert: Alert,
    kind: MessageKind,
    now: datetime,
    try_at: datetime | None,
) -> Message:
    told = {"severity": SEVERITY[alert.severity], "title": TITLE[alert.kind]}
    title = Words(_TITLES[kind].pattern, **told)
    where = f"{store.name}, {clock.shop_time(now):%Y-%m-%d %H:%M}"
    lines = [where] if kind is MessageKind.CLEARED else [text_of(alert), where]
    return Message(
        recipient_id=to.id,
        alert_id=alert.id,
        kind=kind,
        title=catalogue.say(to.language, title)[:200],
        body="\n\n".join(catalogue.say(to.language, line) for line in lines),
        state=MessageState.WAITING,
        made_at=now,
        try_at=try_at or after_quiet(now, to.quiet_from, to.quiet_until),
    )


def after_quiet(now: datetime, begins: int | None, ends: int | None) -> datetime:
    """Return when one may be told: now, or at the end of the quiet hours that it lies in.

    `begins` and `ends` are minutes after midnight in Phnom Penh; the night may lie between.
    """
    if begins is None or ends is None or begins == ends:
        return now
    here = clock.shop_time(now)
    minute = here.hour * 60 + here.minute
    is_quiet = begins <= minute < ends if begins < ends else minute >= begins or minute < ends
    if not is_quiet:
        return now
    whole = here.replace(second=0, microsecond=0)
    return (whole + timedelta(minutes=(ends - minute) % 1440)).astimezone(now.tzinfo)


def send_due() -> None:
    """Send what is due, a message at a time; what one server does holds up no other message."""
    due = select(Message.id).where(Message.try_at <= clock.now())
    for message_id in db.session.scalars(due.order_by(Message.try_at).limit(MOST_AT_ONCE)).all():
        _send(message_id)


def _send(message_id: int) -> None:
    row = db.session.get_one(Message, message_id, populate_existing=True)
    if row.try_at is None or not _claim(row):
        return
    row = db.session.get_one(Message, message_id, populate_existing=True)
    tries, channel = row.tries, row.recipient.channel
    letter = Letter(row.recipient.address, row.title, row.body, f"khqr-pos-{row.id}", _paper(row))
    is_wanted = row.recipient.is_active
    # No transaction is open while a server is asked.
    db.session.rollback()
    done = way(channel).send(letter) if is_wanted else None
    with lease.unfenced():
        _record(message_id, tries, done)


def _paper(row: Message) -> Paper | None:
    """Return the PDF that goes with a message, if there is one."""
    pdf = db.session.get(ArchivedPdf, row.pdf_id) if row.pdf_id else None
    return Paper(_NO_NAME.sub("-", row.title) + ".pdf", pdf.body) if pdf and pdf.body else None


def _claim(row: Message) -> bool:
    """Count a try and plan the next one; only one caller is told that it may send."""
    tries, now = row.tries, clock.now()
    wait = BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)]
    claim = (
        update(Message)
        .where(Message.id == row.id, Message.tries == tries, Message.try_at <= now)
        .values(tries=tries + 1, try_at=now + timedelta(seconds=wait))
    )
    with writing(db.session):
        return rows_changed(db.session, claim) == 1


def way(channel: Channel) -> Way:
    """Return the way out of a channel, as the settings have it."""
    told = settings()
    if channel is Channel.TELEGRAM:
        return TelegramBot(told.telegram_url, told.telegram_token.get_secret_value())
    return MailServer(
        host=told.smtp_host,
        port=told.smtp_port,
        tls=Tls(told.smtp_tls),
        sender=told.smtp_sender,
        user=told.smtp_user,
        password=told.smtp_password.get_secret_value(),
    )


def _record(message_id: int, tries: int, done: Delivery | None) -> None:
    """Write down what became of a try, unless a later one was begun since."""
    with writing(db.session):
        row = db.session.get_one(Message, message_id, populate_existing=True, with_for_update=True)
        if done is not None and done.is_sent:
            # True whoever has tried again since.
            row.state, row.sent_at, row.try_at, row.trouble = (
                *(MessageState.SENT, clock.now(), None, ""),
            )
            return
        if row.tries != tries or row.state is not MessageState.WAITING:
            return
        row.trouble = str(done.trouble) if done else ""
        if done is None or done.is_final or tries > len(BACK_OFF_SECONDS):
            row.state, row.try_at = MessageState.FAILED, None
            log.warning("message %d was given up: %s", message_id, row.trouble or "not wanted")
        elif row.try_at is not None:
            row.try_at = max(row.try_at, clock.now() + timedelta(seconds=done.wait_seconds))
