"""The first start of an empty installation: a code on the console, and who has it is the owner.

Whoever can read the server's console may say who is paid; nobody else is asked for a name.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import FirstRun, Merchant, Role
from pos.services.people import people, users
from pos.services.shop import shops
from pos.services.shop.shops import NewAccount
from pos.words import _

LIFE = timedelta(minutes=15)
"""How long a code is taken."""

TRIES = 5
"""Wrong codes, after which another one is needed."""

_ONLY = 1
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, kw_only=True)
class FirstShop:
    """What is said at the first start: who is paid, where, and who the owner is."""

    merchant: str
    city: str
    store: str
    till: str
    account: NewAccount
    name: str
    username: str
    password: str = field(repr=False)


def is_needed() -> bool:
    """Return whether nobody is paid here yet."""
    return db.session.scalar(select(Merchant.id).limit(1)) is None


def begin() -> str:
    """Return a new code such as "K7QM-2XWD", in place of any before; Refused where a shop is."""
    if not is_needed():
        raise Refused("There is a shop already. Add people under People, or with create-user.")
    code = "".join(secrets.choice(_SIGNS) for _each in range(8))
    with writing(db.session):
        row = db.session.get(FirstRun, _ONLY) or FirstRun(id=_ONLY)
        row.code_hash, row.expires_at, row.failures = users.hash_of(code), clock.now() + LIFE, 0
        db.session.add(row)
    return f"{code[:4]}-{code[4:]}"


def finish(code: str, wish: FirstShop) -> None:
    """Make the shop and its owner, whole or not at all; the code is used up then.

    NotFound where there is a shop, Refused for a code that is wrong or over, BadInput for what
    does not fit; a right code with a wrong field may be sent again.
    """
    if not is_needed():
        raise NotFound(_("There is nothing at this address."))
    _prove(code)
    name = people.read_name(wish.name)
    with writing(db.session):
        row = db.session.get(FirstRun, _ONLY, populate_existing=True, with_for_update=True)
        if row is None or not is_needed():
            raise NotFound(_("There is nothing at this address."))
        store = shops.create_shop(wish.merchant, wish.city, wish.store, [wish.till], wish.account)
        users.create(store.id, wish.username, name, Role.OWNER, wish.password)
        db.session.delete(row)


def _prove(code: str) -> None:
    """Spend a try on a code; raise unless it is the one in force."""
    typed = users.hash_of("".join(sign for sign in code.upper() if sign.isalnum()))
    with writing(db.session):
        row = db.session.get(FirstRun, _ONLY, populate_existing=True, with_for_update=True)
        if row is None or row.expires_at <= clock.now() or row.failures >= TRIES:
            raise Refused(_("There is no code in force. Ask for another one on the server."))
        is_right = hmac.compare_digest(row.code_hash, typed)
        row.failures += not is_right
    if not is_right:
        raise BadInput(_("The code is wrong. Look at the server's console."))
