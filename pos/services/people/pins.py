"""A person's PIN: set by its owner, typed at a till to agree to what a cashier may not do alone.

It says who agreed, beside the login of whoever asks. On an enrolled till it also lets its owner
come in (`terminals.py`); nowhere else does it open anything.
"""

import hmac
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, or_, select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotAllowed, WrongPin
from pos.extensions import db, settings
from pos.models import Deed, PinTry, Store, Till, User
from pos.permissions import Right, roles_with
from pos.services.auditing import audit
from pos.services.settling import payments
from pos.words import _

SHORTEST_PIN = 6
LONGEST_PIN = 12
TRIES = 5
"""Wrong PINs of one manager at one till before the pair waits."""

WAIT = timedelta(minutes=15)

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id, as for passwords. Against guessing at the till it is the waiting that helps."""

_PEPPERED = "pepper "
"""Stands before the hash of a PIN that was mixed with the vault key."""

_RUNS = "01234567890", "09876543210"

WRONG = _("The PIN is wrong.")
WAITING = _("Too many wrong PINs for this manager at this till. Wait 15 minutes and try again.")


def refuse_weak(pin: str) -> None:
    """Raise BadInput for a PIN that is too short, no number, or among the first to be tried."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise BadInput(
            _("A PIN has %(least)s to %(most)s digits.", least=SHORTEST_PIN, most=LONGEST_PIN)
        )
    if len(set(pin)) < 3 or any(pin in run for run in _RUNS):
        raise BadInput(_("Choose a PIN that is harder to guess."))


def set_pin(user: User, pin: str, *, by: str = "") -> None:
    """Give a person a PIN; NotAllowed for who works at no till, BadInput for a weak PIN.

    `by` is who did it, for the audit log; the person, if nobody is named.
    """
    if not user.may(Right.CHARGE):
        raise NotAllowed(_("Who takes no payments has no PIN."))
    refuse_weak(pin)
    user_id, hashed = user.id, hash_of(pin)
    with writing(db.session):
        row = db.session.get_one(User, user_id)
        row.pin_hash = hashed
        audit.note(Deed.PIN_SET, by or row.who, row.username, row.home_store_id)


def with_pin(store_id: int, right: Right) -> tuple[User, ...]:
    """Return who has a PIN and this right in a store, by name: its own, and its merchant's."""
    merchant = select(Store.merchant_id).where(Store.id == store_id).scalar_subquery()
    everywhere = User.role.in_(roles_with(Right.SEE_ALL_STORES)), Store.merchant_id == merchant
    query = (
        select(User)
        .join(User.home_store)
        .where(or_(User.home_store_id == store_id, and_(*everywhere)))
        .where(User.role.in_(roles_with(right)))
        .where(User.is_active, User.pin_hash.is_not(None))
    )
    return tuple(db.session.scalars(query.order_by(User.display_name, User.id)))


def approvers(store_id: int) -> tuple[User, ...]:
    """Return who may approve in a store, and has a PIN."""
    return with_pin(store_id, Right.APPROVE)


def approve(manager_id: int | None, pin: str, till_id: int, store_id: int) -> User:
    """Return the manager of this store whose PIN was typed at this till; WrongPin otherwise.

    A try is spent before the PIN is looked at, so that many at once are no more than five.
    """
    manager = next((one for one in approvers(store_id) if one.id == manager_id), None)
    if manager is None:
        raise BadInput(_("Choose the manager who agrees."))
    hashed = manager.pin_hash
    _spend_try(manager.id, till_id)
    if not is_pin(hashed, pin):
        asked = f"PIN of {manager.username}, at {db.session.get_one(Till, till_id).name}"
        audit.refused(audit.NOBODY, asked, store_id, why=str(WRONG))
        raise WrongPin(WRONG)
    _forgive(manager.id, till_id)
    return manager


def hash_of(pin: str) -> str:
    """Return what is stored of a PIN."""
    return _PEPPERED + _hasher.hash(peppered(pin))


def peppered(pin: str) -> str:
    """Return a PIN mixed with the vault key: in a copy of the books alone it cannot be guessed.

    A PIN of six digits is one of a million, which the slow hash holds up for hours only.
    """
    key = settings().vault_key.get_secret_value().encode()
    return hmac.digest(key, b"pin " + pin.encode(), "sha256").hex()


def is_pin(hashed: str | None, pin: str) -> bool:
    """Return whether this is the PIN that was hashed; one from before the pepper counts too."""
    kept = hashed or ""
    is_old = not kept.startswith(_PEPPERED)
    try:
        return _hasher.verify(kept.removeprefix(_PEPPERED), pin if is_old else peppered(pin))
    except (VerificationError, InvalidHashError):
        return False


def _spend_try(user_id: int, till_id: int) -> None:
    now = clock.now()
    with writing(db.session):
        payments.take_turn(till_id)
        tries = db.session.get(PinTry, (user_id, till_id))
        if tries is None:
            tries = PinTry(user_id=user_id, till_id=till_id, failures=0)
            db.session.add(tries)
        if tries.waits_until is not None:
            if tries.waits_until > now:
                raise WrongPin(WAITING)
            tries.failures, tries.waits_until = 0, None
        tries.failures += 1
        if tries.failures >= TRIES:
            tries.waits_until = now + WAIT


def _forgive(user_id: int, till_id: int) -> None:
    with writing(db.session):
        payments.take_turn(till_id)
        tries = db.session.get(PinTry, (user_id, till_id))
        if tries is not None:
            db.session.delete(tries)
