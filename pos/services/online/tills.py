"""The one till of a store where other programs sell, and its shift: opened and closed by itself."""

import secrets

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import Refused, ShiftClosed
from pos.extensions import db
from pos.models import Role, Shift, Till, User
from pos.money import Currency, Money
from pos.services.bookkeeping import auto_close, shifts

NAME, LABEL = "Online", "Online"

_NO_CASH = (Money(0, Currency.USD), Money(0, Currency.KHR))


def open_shift(store_id: int) -> int:
    """Return the open shift of the store's online till; each business day has one of its own.

    That of a day that is over is closed first, with its Z report, unless a QR of it still waits.
    Refused where the manager has retired that till.
    """
    till = _till(store_id)
    if till.retired_at is not None:
        raise Refused("This store does not sell online: its till Online is retired.")
    till_id, cashier_id = till.id, _cashier_id(store_id)
    shift = _unclosed(till_id)
    if shift is not None and auto_close.is_due(shift, clock.now()):
        auto_close.close_if_due(shift.id)
        shift = _unclosed(till_id)
    if shift is None:
        shift = _open(till_id, cashier_id)
    return shift.id


def _open(till_id: int, cashier_id: int) -> Shift:
    try:
        return shifts.open_shift(till_id, cashier_id, _NO_CASH, online=True)
    except Refused:
        # Another process has just opened it.
        shift = _unclosed(till_id)
        if shift is None:
            raise
        return shift


def _unclosed(till_id: int) -> Shift | None:
    query = select(Shift).where(Shift.till_id == till_id, Shift.closed_at.is_(None))
    shift = db.session.scalar(query)
    if shift is not None and shift.status != "open":
        raise ShiftClosed("Somebody counts the online till. Try again in a minute.")
    return shift


def _till(store_id: int) -> Till:
    """Return the store's online till; the first sale by a program makes it."""
    query = select(Till).where(Till.store_id == store_id, Till.is_online)
    till = db.session.scalar(query)
    if till is None:
        try:
            with writing(db.session):
                name = _free_name(store_id)
                db.session.add(Till(store_id=store_id, name=name, label=LABEL, is_online=True))
        except IntegrityError:
            pass  # Another process has just made it.
        till = db.session.scalars(query).one()
    return till


def _free_name(store_id: int) -> str:
    taken = select(Till.id).where(Till.store_id == store_id, Till.name == NAME)
    return NAME if db.session.scalar(taken) is None else f"{NAME} (API)"


def _cashier_id(store_id: int) -> int:
    """Return who stands for the programs of a store in its books: nobody who could log in."""
    username = f"online_{store_id}"
    query = select(User.id).where(User.username == username)
    known = db.session.scalar(query)
    if known is None:
        nobodys = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        try:
            with writing(db.session):
                db.session.add(
                    User(
                        store_id=store_id,
                        username=username,
                        display_name=NAME,
                        role=Role.CASHIER,
                        password_hash=nobodys.hash(secrets.token_urlsafe(32)),
                        is_active=False,
                    )
                )
        except IntegrityError:
            pass  # Another process has just made it.
        known = db.session.scalars(query).one()
    return known
