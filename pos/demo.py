"""A small practice shop: one store, two tills, a cashier and a manager. No real money."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import select

from pos.cash import Rate
from pos.database import writing
from pos.extensions import db
from pos.models import Merchant, Role, User
from pos.services import rates, users
from pos.services.shops import NewAccount, create_shop

ACCOUNT_ID = "mekong_coffee@prac"
"""The account that the practice shop is paid on, at the practice bank."""

EMAIL = "shop@mekong.example"
"""The address under which the practice bank gives the shop its token."""

RATE = Rate(buy=4_000, sell=4_100)
"""Riel for a dollar in the practice shop."""

_WORDS = (
    "mango river lotus amber cedar pepper silk tiger bamboo coral jasmine copper "
    "papaya temple orchid ginger falcon pearl harbor cotton"
).split()


@dataclass(frozen=True)
class DemoLogin:
    """One person of the practice shop, with the password that was made up for them."""

    role: str
    username: str
    password: str = field(repr=False)


def has_shop() -> bool:
    """Return whether this database already has a shop: then no demo is made."""
    return db.session.scalar(select(Merchant.id).limit(1)) is not None


def create_demo(bank_url: str, token: str) -> tuple[DemoLogin, ...]:
    """Make the practice shop in an empty database and return its logins.

    `token` is what the practice bank gave for `EMAIL`. Passwords are new for each shop.
    """
    account = NewAccount(
        gateway="bakong",
        base_url=bank_url,
        account_id=ACCOUNT_ID,
        token_email=EMAIL,
        token=token,
        daily_quota=0,
        is_practice=True,
    )
    with writing(db.session):
        tills = ["Till 1", "Till 2"]
        store = create_shop("Mekong Coffee", "Phnom Penh", "Riverside", tills, account)
        cashier, manager = (
            _create_user(store.id, "dara", "Dara", Role.CASHIER),
            _create_user(store.id, "maly", "Maly", Role.MANAGER),
        )
        row = db.session.scalars(select(User).where(User.username == manager.username)).one()
        rates.set_rate(row, RATE)
        return cashier, manager


def _create_user(store_id: int, username: str, name: str, role: Role) -> DemoLogin:
    password = _password()
    users.create(store_id, username, name, role, password)
    return DemoLogin(str(role), username, password)


def _password() -> str:
    """Return a password that is easy to type and not worth guessing: 2 words, 4 digits."""
    first, second = secrets.SystemRandom().sample(_WORDS, 2)
    return f"{first}-{second}-{secrets.randbelow(9000) + 1000}"
