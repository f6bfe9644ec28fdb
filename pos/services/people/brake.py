"""The brake on guessing passwords: counted in the database, for all processes together.

Each name has its count, also one that nobody has; and at an enrolled till another one, so that
whoever guesses elsewhere locks nobody out at the counter. Who tries many names is braked by the
address they come from.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.models import ApiTry, Deed, LoginTry
from pos.services.auditing import audit
from pos.services.people.place import NOWHERE, Place
from pos.words import _

NAMES = 5
"""How many times the tries of one name an address has for all names."""

_IPV6_SITE = 64
"""Bits that name who has an IPv6 address: the rest of it they choose themselves."""


def refuse_waiting(name: str, place: Place = NOWHERE) -> None:
    """Raise Refused while a name waits at a place, or the address; whoever has the name."""
    tries = db.session.get(LoginTry, _key(name, place))
    if tries is not None and tries.waits_until is not None and tries.waits_until > clock.now():
        raise Refused(_("Too many wrong passwords for this name. Wait some minutes and try again."))
    if _counts(place) and _wrong_from(place) >= _most():
        raise Refused(_("Too many wrong passwords from here. Wait some minutes and try again."))


def count_failure(name: str, place: Place = NOWHERE) -> None:
    """Count one more wrong password for a name at a place; at the limit it waits."""
    try:
        _count(name, place)
    except IntegrityError:
        # Two first guesses at a name came at once; now there is a row to count in.
        _count(name, place)


def forget(name: str, place: Place = NOWHERE) -> None:
    """Begin to count anew for a name whose password was right there, in the open transaction."""
    db.session.execute(delete(LoginTry).where(LoginTry.username == _key(name, place)))


def _count(name: str, place: Place) -> None:
    key = _key(name, place)
    with writing(db.session):
        row = db.session.get(LoginTry, key, populate_existing=True, with_for_update=True)
        tries = row or LoginTry(username=key, failures=0)
        tries.failures += 1
        if tries.failures >= settings().login_tries:
            tries.failures = 0
            tries.waits_until = clock.now() + _wait()
            audit.note(Deed.LOGIN_WAITS, audit.NOBODY, name)
        db.session.add(tries)
        if _counts(place):
            db.session.add(ApiTry(bucket=_bucket(place.sender), at=clock.now()))
            if _wrong_from(place) == _most():
                audit.note(Deed.LOGIN_WAITS, audit.NOBODY, place.sender[:64])


def _key(name: str, place: Place) -> str:
    # A name is typed in small letters, so nobody types the key of a till.
    return name if place.terminal_id is None else f"TILL {place.terminal_id} {name}"[:64]


def _counts(place: Place) -> bool:
    """Whether the address tells who asks; a till of the shop is known by more than that."""
    return bool(place.sender) and place.terminal_id is None


def _wrong_from(place: Place) -> int:
    mine = ApiTry.bucket == _bucket(place.sender), ApiTry.at > clock.now() - _wait()
    return db.session.scalar(select(func.count()).select_from(ApiTry).where(*mine)) or 0


def _most() -> int:
    return NAMES * settings().login_tries


def _bucket(sender: str) -> str:
    try:
        is_long = ip_address(sender).version == 6
        site = str(ip_network(f"{sender}/{_IPV6_SITE}", strict=False)) if is_long else sender
    except ValueError:
        # A proxy may write what it likes there.
        site = sender[:100]
    return f"login:{site}"


def _wait() -> timedelta:
    return timedelta(minutes=settings().login_wait_minutes)
