"""The logins of people: where each is open, when it was last used, and how it is ended."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import NotFound, Refused
from pos.extensions import db, settings
from pos.models import Login, Shift, Store, Terminal, User
from pos.permissions import Right
from pos.services.people import users
from pos.states import UNCLOSED
from pos.words import _

log = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=5)
"""How often at most it is written that a login is used."""


def touch(login: Login) -> None:
    """Write that a person uses this login, unless that was written a moment ago.

    At an enrolled till, which is locked when nobody touches it, a moment is shorter. Books that
    take no writes keep nobody from reading.
    """
    now, seen = clock.now(), login.seen_at or login.made_at
    if now - seen < _seen_every(login):
        return
    login_id, terminal_id = login.id, login.terminal_id
    try:
        with writing(db.session):
            _note(login_id, terminal_id, now)
    except DBAPIError as problem:
        log.warning("it is not written that login %d is used: %s", login_id, problem.orig)


def _note(login_id: int, terminal_id: int | None, now: datetime) -> None:
    db.session.execute(update(Login).where(Login.id == login_id).values(seen_at=now))
    if terminal_id is not None:
        at_it = update(Terminal).where(Terminal.id == terminal_id)
        db.session.execute(at_it.values(last_seen_at=now))


def _seen_every(login: Login) -> timedelta:
    minutes = settings().lock_minutes
    if login.terminal_id is None or not minutes:
        return SEEN_EVERY
    return min(SEEN_EVERY, timedelta(minutes=minutes) / 10)


def of_person(user_id: int) -> tuple[Login, ...]:
    """Return the logins of a person that are in force, the newest first."""
    query = (
        select(Login)
        .where(Login.user_id == user_id, Login.ended_at.is_(None))
        .where(Login.expires_at > clock.now())
        .order_by(Login.id.desc())
    )
    return tuple(one for one in db.session.scalars(query) if not users.is_locked(one))


def last_of(user_ids: list[int]) -> dict[int, datetime]:
    """Return when each of these people last came in."""
    query = select(Login.user_id, func.max(Login.made_at)).where(Login.user_id.in_(user_ids))
    rows = db.session.execute(query.group_by(Login.user_id)).all()
    return dict(rows)


def end_one(user_id: int, login_id: int) -> None:
    """End one login of a person at once; NotFound where it is not theirs, or over."""
    mine = Login.id == login_id, Login.user_id == user_id, Login.ended_at.is_(None)
    with writing(db.session):
        ended = update(Login).where(*mine).values(ended_at=clock.now())
        if rows_changed(db.session, ended) == 0:
            raise NotFound(_("There is no such login."))


def end_all(user_id: int, *, keep_token: str = "") -> None:
    """End the logins of a person, but for the one that asks."""
    with writing(db.session):
        users.end_logins(Login.user_id == user_id, Login.token_hash != users.hash_of(keep_token))


def stores_of(user: User) -> tuple[Store, ...]:
    """Return the stores that a person may work at: all of the merchant's, or their own."""
    if not user.may(Right.SEE_ALL_STORES):
        return (user.home_store,)
    query = select(Store).where(Store.merchant_id == user.home_store.merchant_id)
    return tuple(db.session.scalars(query.order_by(Store.name, Store.id)))


def choose_store(login: Login, store_id: int) -> Store:
    """Have a login work at another store of the merchant; NotFound for any other.

    Refused while its person has a shift open: a drawer is counted where it stands.
    """
    chosen = next((one for one in stores_of(login.user) if one.id == store_id), None)
    if chosen is None:
        raise NotFound(_("There is no such store."))
    mine = select(Shift.id).where(Shift.cashier_id == login.user_id, Shift.status.in_(UNCLOSED))
    if db.session.scalar(mine.limit(1)) is not None:
        raise Refused(_("Close your shift first: its drawer is in the other store."))
    login_id = login.id
    with writing(db.session):
        db.session.execute(update(Login).where(Login.id == login_id).values(store_id=store_id))
    return chosen
