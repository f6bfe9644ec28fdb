"""People: their passwords and their logins."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from pos import clock
from pos.database import writing
from pos.errors import BadInput, Refused
from pos.extensions import db, settings
from pos.models import Deed, Login, Role, User
from pos.reports.counter import glance
from pos.services.auditing import audit
from pos.services.people import brake, codes, weak
from pos.services.people.place import NOWHERE, Place
from pos.words import Language, _

SHORTEST_PASSWORD = 12

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id, 19 MiB, two passes. Source: OWASP Password Storage Cheat Sheet."""

WRONG = _("User name or password is wrong.")


def create(
    store_id: int,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    *,
    must_change: bool = False,
    by: str = "",
) -> User:
    """Add a person to a store; BadInput for a taken name or a weak password.

    `must_change`: somebody else knows the password, so that the first login changes it. `by` is
    who did it, for the audit log; who calls this in a larger deed writes it down there.
    """
    name = username.strip().lower()
    if not (name.isascii() and name.isidentifier() and len(name) <= 32):
        raise BadInput(_("A user name has letters, digits and _ only, 32 at most."))
    refuse_weak(password)
    with writing(db.session):
        if db.session.scalar(select(User.id).where(User.username == name)):
            raise BadInput(_("This user name is taken."))
        user = User(
            store_id=store_id,
            username=name,
            display_name=display_name.strip() or name,
            role=role,
            password_hash=_hasher.hash(password),
            must_change_password=must_change,
        )
        db.session.add(user)
        if by:
            audit.note(Deed.PERSON_ADDED, by, name, store_id, role=str(role))
    return user


def refuse_weak(password: str) -> None:
    """Raise BadInput for a password that is too short, of one sign, or tried by everybody."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(_("A password has %(least)s characters or more.", least=SHORTEST_PASSWORD))
    if len(set(password)) < 4:
        raise BadInput(_("Choose a password with more different characters."))
    if weak.is_weak(password):
        raise BadInput(_("Choose a password that is harder to guess."))


def log_in(username: str, password: str, place: Place = NOWHERE) -> str:
    """Return the secret token of a new login by password alone; Refused where it is not enough."""
    user = recognise(username, password, place)
    if codes.is_on(user.id):
        raise Refused(_("The password is not enough here: it takes a code as well."))
    return open_login(user, place)


def recognise(username: str, password: str, place: Place = NOWHERE) -> User:
    """Return who has this name and password; Refused, in the same words, for any mismatch.

    It opens nothing yet. Wrong tries are counted in the database, also for names that do not
    exist.
    """
    name = username.strip().lower()[:64]
    brake.refuse_waiting(name, place)
    user = db.session.scalar(select(User).where(User.username == name))
    if not _is_password(user, password) or user is None or not user.is_active:
        brake.count_failure(name, place)
        raise Refused(WRONG)
    return user


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_hex(16))


def _is_password(user: User | None, password: str) -> bool:
    """Compare in the same time whether the user exists or not."""
    try:
        return _hasher.verify(user.password_hash if user else _decoy(), password) and bool(user)
    except VerificationError:
        return False


def open_login(user: User, place: Place, *, by_pin: bool = False, how: str = "password") -> str:
    """Return the secret token of a new login of somebody who has proven who they are."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with writing(db.session):
        db.session.add(
            Login(
                token_hash=hash_of(token),
                user_id=user.id,
                made_at=now,
                seen_at=now,
                device=place.device,
                terminal_id=place.terminal_id,
                by_pin=by_pin,
                expires_at=now + timedelta(hours=settings().login_hours),
            )
        )
        brake.forget(user.username, place)
        kind = "PIN" if by_pin else how
        audit.note(Deed.LOGGED_IN, user.who, place.device or "", user.store_id, kind=kind)
    return token


def hash_of(token: str) -> str:
    """Return what is stored of a login's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_token(token: str) -> Login | None:
    """Return the login that holds this token, with its person, while it is in force.

    One at an enrolled till is over once nobody touched it for a while, or the till was revoked.
    """
    query = (
        select(Login)
        .options(joinedload(Login.user).joinedload(User.home_store))
        .options(joinedload(Login.store), joinedload(Login.terminal))
        .where(Login.token_hash == hash_of(token), Login.ended_at.is_(None))
    )
    login = db.session.scalar(query)
    if login is None or login.expires_at <= clock.now() or not login.user.is_active:
        return None
    if is_locked(login):
        return None
    login.user.chosen_store = login.store
    return login


def is_locked(login: Login) -> bool:
    """Return whether a login at an enrolled till is over by what became of the till."""
    if login.terminal is None:
        return False
    is_idle = (login.seen_at or login.made_at) <= glance.awake_since(clock.now())
    return is_idle or login.terminal.revoked_at is not None


def log_out(token: str) -> None:
    """End one login at once."""
    with writing(db.session):
        end_logins(Login.token_hash == hash_of(token))


def prove(user: User, password: str) -> None:
    """Raise Refused unless this is the person's password; wrong ones count as at the login."""
    name = user.username
    brake.refuse_waiting(name)
    if not _is_password(user, password):
        brake.count_failure(name)
        raise Refused(_("The current password is wrong."))


def change_password(user: User, current: str, new: str, *, keep_token: str) -> None:
    """Set a person's own password and end their other logins; Refused if `current` is wrong."""
    prove(user, current)
    if new == current:
        raise BadInput(_("Choose another password than the one you have."))
    set_password(user, new, keep_token=keep_token, by=user.who)


def set_password(
    user: User, new: str, *, keep_token: str = "", must_change: bool = False, by: str = ""
) -> None:
    """Set a person's password and end their logins, but for the one that asks.

    `by` is who did it, for the audit log; who calls this in a larger deed writes it down there.
    """
    refuse_weak(new)
    user_id, hashed = user.id, _hasher.hash(new)
    with writing(db.session):
        row = db.session.get_one(User, user_id)
        row.password_hash, row.must_change_password = hashed, must_change
        brake.forget(row.username)
        end_logins(Login.user_id == user_id, Login.token_hash != hash_of(keep_token))
        if by:
            audit.note(Deed.PASSWORD_SET, by, row.username, row.home_store_id)


def set_active(user: User, is_active: bool) -> None:
    """Let a person in, or shut them out and end their logins at once, by the operator's word."""
    user_id = user.id
    with writing(db.session):
        row = db.session.get_one(User, user_id)
        row.is_active = is_active
        if not is_active:
            end_logins(Login.user_id == user_id)
        deed = Deed.PERSON_LET_IN if is_active else Deed.PERSON_SHUT_OUT
        audit.note(deed, audit.OPERATOR, row.username, row.home_store_id)


def set_language(user: User, language: Language) -> None:
    """Remember what a person reads, for the next till they log in at."""
    user_id = user.id
    with writing(db.session):
        db.session.get_one(User, user_id).language = language


def end_logins(*which: object) -> None:
    """End the open logins that these conditions choose, inside a write transaction."""
    ended = update(Login).where(Login.ended_at.is_(None), *which)  # type: ignore[arg-type]
    db.session.execute(ended.values(ended_at=clock.now()))
