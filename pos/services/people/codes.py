"""The codes of a person's second step: of their authenticator app, and for when it is lost.

What is done with them, who turns it on or comes in by it, is in `second_step.py`.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from pos import clock, totp
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.models import Deed, RecoveryCode, SecondStep, User
from pos.services.auditing import audit
from pos.services.banking import vault
from pos.words import _

TRIES = 5
"""Wrong codes in a row, after which a person's second step waits as a name does at the login."""

RECOVERY_CODES = 10

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 16
"""Signs of a recovery code: 79 bits, too many to be guessed from the hash."""

_DIGITS = {ord("\N{KHMER DIGIT ZERO}") + digit: str(digit) for digit in range(10)}
"""A Khmer keyboard types Khmer digits."""

WRONG = _("The code is wrong, or was used before.")
WAITING = _("Too many wrong codes. Wait some minutes and try again.")


def is_on(user_id: int) -> bool:
    """Return whether a person is asked for a code after the password."""
    since = select(SecondStep.on_since).where(SecondStep.user_id == user_id)
    return db.session.scalar(since) is not None


def left(user_id: int) -> int:
    """Return how many recovery codes a person still has."""
    mine = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    return len(db.session.scalars(select(RecoveryCode.id).where(*mine)).all())


def spend(user: User, typed: str) -> None:
    """Take a code of the app or a recovery code, which is used up by it; Refused for any other.

    The row is held while the code is looked at: of two tries of one code at once one is taken,
    and no guesses at once are more than five.
    """
    user_id, code = user.id, read(typed)
    with writing(db.session):
        row = hold(user_id)
        if row is None or row.on_since is None:
            raise Refused(WRONG)
        if row.waits_until is not None and row.waits_until > clock.now():
            raise Refused(WAITING)
        is_right = _take_recovery(user, code) if len(code) == _LENGTH else take(row, code)
        if is_right:
            row.failures, row.waits_until = 0, None
        else:
            _count(row, user)
    if not is_right:
        raise Refused(WRONG)


def hold(user_id: int) -> SecondStep | None:
    """Return a person's row, which nobody else changes until the transaction ends."""
    return db.session.get(SecondStep, user_id, with_for_update=True, populate_existing=True)


def take(row: SecondStep, code: str) -> bool:
    """Return whether a code is one of the app's now, and use it up; in a write transaction."""
    step = totp.matching_step(key_of(row), code, clock.now(), row.last_step)
    if step is not None:
        row.last_step = step
    return step is not None


def key_of(row: SecondStep) -> bytes:
    """Return the key as the app has it."""
    return bytes.fromhex(vault.unseal(settings(), row.sealed_key))


def read(typed: str) -> str:
    """Return a code as it is compared: without spaces and dashes, small, in ASCII digits."""
    return "".join(sign for sign in typed[:64].lower() if sign.isalnum()).translate(_DIGITS)


def new_recovery(user_id: int) -> tuple[str, ...]:
    """Write down new recovery codes in place of any before; return them to be shown this once."""
    made = tuple(_recovery_code() for _each in range(RECOVERY_CODES))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(read(one))) for one in made)
    return made


def forget(user_id: int) -> bool:
    """Take a second step away, with its recovery codes; return whether there was one.

    Inside a write transaction.
    """
    row = hold(user_id)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    if row is not None:
        db.session.delete(row)
    return row is not None and row.on_since is not None


def _recovery_code() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _each in range(_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _LENGTH, 4))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _take_recovery(user: User, code: str) -> bool:
    mine = RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    query = select(RecoveryCode).where(*mine, RecoveryCode.code_hash == _hash(code))
    row = db.session.scalar(query)
    if row is not None:
        row.used_at = clock.now()
        audit.note(Deed.RECOVERY_CODE_USED, user.who, user.username, user.home_store_id)
    return row is not None


def _count(row: SecondStep, user: User) -> None:
    row.failures += 1
    if row.failures >= TRIES:
        row.failures = 0
        row.waits_until = clock.now() + timedelta(minutes=settings().login_wait_minutes)
        audit.note(Deed.CODE_WAITS, audit.NOBODY, user.username, user.home_store_id)
