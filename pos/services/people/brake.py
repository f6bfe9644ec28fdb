"""The brake on guessing passwords: counted for each name, in the database, for all processes."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.models import Deed, LoginTry
from pos.services.auditing import audit
from pos.words import _


def refuse_waiting(name: str) -> None:
    """Raise Refused while a name waits, whether or not anybody has it."""
    tries = db.session.get(LoginTry, name)
    if tries is not None and tries.waits_until is not None and tries.waits_until > clock.now():
        raise Refused(_("Too many wrong passwords for this name. Wait some minutes and try again."))


def count_failure(name: str) -> None:
    """Count one more wrong password for a name; at the limit it waits."""
    try:
        _count(name)
    except IntegrityError:
        # Two first guesses at a name came at once; now there is a row to count in.
        _count(name)


def _count(name: str) -> None:
    with writing(db.session):
        row = db.session.get(LoginTry, name, populate_existing=True, with_for_update=True)
        tries = row or LoginTry(username=name, failures=0)
        tries.failures += 1
        if tries.failures >= settings().login_tries:
            tries.failures = 0
            tries.waits_until = clock.now() + timedelta(minutes=settings().login_wait_minutes)
            audit.note(Deed.LOGIN_WAITS, audit.NOBODY, name)
        db.session.add(tries)


def forget(name: str) -> None:
    """Begin to count anew for a name whose password was right, in the open transaction."""
    db.session.execute(delete(LoginTry).where(LoginTry.username == name))
