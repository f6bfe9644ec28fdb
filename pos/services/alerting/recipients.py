"""Who is told of a store's alerts and Zs: a manager adds them, tests them and removes them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import func, select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound
from pos.extensions import db
from pos.models import Channel, Deed, Message, MessageKind, Recipient, Severity, User
from pos.permissions import Right
from pos.services.alerting import outbox
from pos.services.auditing import audit
from pos.words import Language, _

MOST = 20
"""Recipients of one store."""

TEST_WAIT = timedelta(minutes=1)
"""Between two test messages to one recipient."""

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII)
_CHAT = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{4,31}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOST_ADDRESS = 254
_MOST_NAME = 64

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Wish:
    """A recipient as a person typed it."""

    name: str
    channel: str
    address: str
    least: str
    language: str
    quiet_from: str = ""
    quiet_until: str = ""
    reports: str = ""


def of_store(store_id: int) -> tuple[Recipient, ...]:
    """Return a store's recipients, oldest first."""
    query = select(Recipient).where(Recipient.store_id == store_id, Recipient.is_active.is_(True))
    return tuple(db.session.scalars(query.order_by(Recipient.id)))


def add(user: User, wish: Wish) -> None:
    """Add a recipient to a person's store; BadInput for what cannot be written to."""
    _refuse_others(user)
    store_id, who = user.store_id, user.who
    row = _read(wish, store_id)
    told = {"channel": str(row.channel), "least": str(row.least)}
    told["reports"] = "yes" if row.gets_reports else "no"
    with writing(db.session):
        active = (Recipient.store_id == store_id, Recipient.is_active.is_(True))
        if (db.session.scalar(select(func.count(Recipient.id)).where(*active)) or 0) >= MOST:
            raise BadInput(_("There are %(most)s recipients. Remove one first.", most=MOST))
        db.session.add(row)
        db.session.flush()
        audit.note(Deed.RECIPIENT_ADDED, who, row.name, store_id, **told)


def remove(user: User, recipient_id: int) -> None:
    """Send a recipient nothing more; NotFound for another store's."""
    _refuse_others(user)
    store_id, who = user.store_id, user.who
    with writing(db.session):
        row = _own(store_id, recipient_id)
        row.is_active = False
        audit.note(Deed.RECIPIENT_REMOVED, who, row.name, store_id, channel=str(row.channel))


def test(user: User, recipient_id: int) -> None:
    """Put a test message into the outbox; BadInput so soon after another one."""
    _refuse_others(user)
    store_id = user.store_id
    with writing(db.session):
        row = _own(store_id, recipient_id)
        mine = (Message.recipient_id == row.id, Message.kind == MessageKind.TEST)
        last = db.session.scalar(select(func.max(Message.made_at)).where(*mine))
        if last is not None and abs(clock.now() - last) < TEST_WAIT:
            raise BadInput(_("A test was just sent. Wait a minute before the next one."))
        outbox.put_test(row)


def _refuse_others(user: User) -> None:
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers say who is told."))


def _own(store_id: int, recipient_id: int) -> Recipient:
    row = db.session.get(Recipient, recipient_id, populate_existing=True, with_for_update=True)
    if row is None or row.store_id != store_id or not row.is_active:
        raise NotFound(_("There is no such recipient."))
    return row


def _read(wish: Wish, store_id: int) -> Recipient:
    name = " ".join(wish.name.split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise BadInput(_("Give a name of up to %(most)s characters.", most=_MOST_NAME))
    channel = _word(Channel, wish.channel)
    begins, ends = _minute(wish.quiet_from), _minute(wish.quiet_until)
    if (begins is None) != (ends is None):
        raise BadInput(_("Give both ends of the quiet hours, or none."))
    return Recipient(
        store_id=store_id,
        name=name,
        channel=channel,
        address=_address(channel, wish.address.strip()),
        least=_word(Severity, wish.least),
        language=_word(Language, wish.language),
        quiet_from=begins,
        quiet_until=ends,
        gets_reports=bool(wish.reports),
        added_at=clock.now(),
    )


def _word(kind: type[Word], typed: str) -> Word:
    if typed not in set(map(str, kind)):
        raise BadInput(_("This form is not complete. Reload the page and try again."))
    return kind(typed)


def _address(channel: Channel, typed: str) -> str:
    if channel is Channel.EMAIL:
        if len(typed) > _MOST_ADDRESS or not _MAIL.fullmatch(typed):
            raise BadInput(_("Give one mail address, such as name@shop.example."))
    elif not _CHAT.fullmatch(typed):
        raise BadInput(_("Give the number of a Telegram chat, or the @name of a channel."))
    return typed


def _minute(typed: str) -> int | None:
    """Return minutes after midnight; None for nothing typed."""
    if not typed:
        return None
    found = _TIME.fullmatch(typed)
    if found is None:
        raise BadInput(_("Give the time as hours and minutes, such as 21:30."))
    return int(found[1]) * 60 + int(found[2])
