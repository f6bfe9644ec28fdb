"""Browsers that are tills of a store: enrolled by a manager, and then entered by name and PIN.

A PIN is short. It opens a login only where the browser holds the long secret of an enrolled
till, each person there has five tries and the till twenty, and a login made so reaches no
further than a till's work.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from pos import clock
from pos.database import writing
from pos.errors import NotFound, Refused, TooSoon, WrongPin
from pos.extensions import db
from pos.models import Deed, Login, Terminal, TerminalTry, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.people import people, pins, users
from pos.services.people.place import Place
from pos.words import _

TRIES = 5
"""Wrong PINs of one person at one till before the two wait."""

TRIES_AT_ALL = 20
"""Wrong PINs at one till, whoever's, since the last right one, before the till waits."""

WAIT = timedelta(minutes=15)

WAITING = _("Too many wrong PINs. Wait 15 minutes, or log in with your password.")


def enroll(me: User, name: str) -> str:
    """Make this browser a till of the store; return the secret that it keeps, told only once."""
    token, now, typed = secrets.token_urlsafe(32), clock.now(), people.read_name(name)
    my_id, store_id, who = me.id, me.store_id, me.who
    with writing(db.session):
        db.session.add(
            Terminal(
                store_id=store_id,
                token_hash=users.hash_of(token),
                name=typed,
                enrolled_by_id=my_id,
                enrolled_at=now,
                last_seen_at=now,
            )
        )
        audit.note(Deed.DEVICE_ADDED, who, typed, store_id)
    return token


def of_token(token: str) -> Terminal | None:
    """Return the enrolled till that holds this secret, or None."""
    known = select(Terminal).where(Terminal.token_hash == users.hash_of(token))
    return db.session.scalar(known.where(Terminal.revoked_at.is_(None))) if token else None


def of_store(store_id: int) -> tuple[Terminal, ...]:
    """Return the enrolled tills of a store, by name."""
    query = select(Terminal).where(Terminal.store_id == store_id, Terminal.revoked_at.is_(None))
    return tuple(db.session.scalars(query.order_by(Terminal.name, Terminal.id)))


def revoke(me: User, terminal_id: int) -> None:
    """Take an enrolment back; every login at that till ends at once. NotFound for another's."""
    store_id, who = me.store_id, me.who
    with writing(db.session):
        row = db.session.get(Terminal, terminal_id)
        if row is None or row.store_id != store_id or row.revoked_at is not None:
            raise NotFound(_("There is no such device."))
        row.revoked_at = clock.now()
        users.end_logins(Login.terminal_id == terminal_id)
        audit.note(Deed.DEVICE_REVOKED, who, row.name, store_id)


def people_at(terminal: Terminal) -> tuple[User, ...]:
    """Return who may come in by PIN at a till: the store's own, and its merchant's, by name."""
    return pins.with_pin(terminal.store_id, Right.CHARGE)


def come_in(terminal: Terminal, user_id: int | None, pin: str, device: str | None) -> str:
    """Return the secret of a new login by PIN; WrongPin where it is not theirs.

    TooSoon while the person at this till, or the till, has to wait. A try is spent before the
    PIN is looked at, so that many at once are no more than five.
    """
    person = next((one for one in people_at(terminal) if one.id == user_id), None)
    if person is None:
        raise WrongPin(_("Choose who you are."))
    hashed, terminal_id, store_id = person.pin_hash, terminal.id, terminal.store_id
    asked = f"PIN of {person.username}, at {terminal.name}"
    _spend_try(terminal_id, person.id)
    if not pins.is_pin(hashed, pin):
        audit.refused(audit.NOBODY, asked, store_id, why=str(pins.WRONG))
        raise WrongPin(pins.WRONG)
    _forgive(terminal_id, person.id)
    token = users.open_login(person, Place(device, terminal_id), by_pin=True)
    if person.home_store_id != store_id:
        with writing(db.session):
            here = update(Login).where(Login.token_hash == users.hash_of(token))
            db.session.execute(here.values(store_id=store_id))
    return token


def _spend_try(terminal_id: int, user_id: int) -> None:
    with writing(db.session):
        till = db.session.get_one(
            Terminal, terminal_id, populate_existing=True, with_for_update=True
        )
        if till.revoked_at is not None:
            raise Refused(_("This device is no till of the shop any more."))
        pair = db.session.get(TerminalTry, (terminal_id, user_id))
        if pair is None:
            pair = TerminalTry(terminal_id=terminal_id, user_id=user_id, failures=0)
            db.session.add(pair)
        _count(till, TRIES_AT_ALL)
        _count(pair, TRIES)


def _count(row: Terminal | TerminalTry, most: int) -> None:
    now = clock.now()
    if row.waits_until is not None:
        if row.waits_until > now:
            raise TooSoon(WAITING)
        row.failures, row.waits_until = 0, None
    row.failures += 1
    if row.failures >= most:
        row.waits_until = now + WAIT


def _forgive(terminal_id: int, user_id: int) -> None:
    with writing(db.session):
        till = db.session.get_one(
            Terminal, terminal_id, populate_existing=True, with_for_update=True
        )
        till.failures, till.waits_until = 0, None
        pair = db.session.get(TerminalTry, (terminal_id, user_id))
        if pair is not None:
            db.session.delete(pair)
