"""A small practice shop: one store, two tills, a cashier and a manager. No real money."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import select

from pos.cash import Rate
from pos.database import writing
from pos.extensions import db
from pos.models import Merchant, Role, Store, Till, User
from pos.money import Currency, Money
from pos.services.people import users
from pos.services.selling import quick_amounts, rates
from pos.services.shop.shops import NewAccount, add_account, create_shop, pay_till_on

ACCOUNT_ID = "mekong_coffee@prac"
"""The account that the practice shop is paid on, at the practice bank."""

MERCHANT_ID = "mekong262"
"""The shop's profile at PayWay's practice desk, by which its second till is paid."""

EMAIL = "shop@mekong.example"
"""The address under which the practice bank gives the shop its token."""

RATE = Rate(buy=4_000, sell=4_100)
"""Riel for a dollar in the practice shop."""

QUICK = {
    Currency.USD: tuple(Money(cents, Currency.USD) for cents in (100, 150, 250, 500)),
    Currency.KHR: tuple(Money(riel, Currency.KHR) for riel in (2_000, 4_000, 5_000, 10_000)),
}
"""Amounts that the tills of the practice shop offer at one tap."""

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


@dataclass(frozen=True)
class PayWayKeys:
    """What PayWay's practice desk gave for `MERCHANT_ID`."""

    api_key: str = field(repr=False)
    public_key: str


def create_demo(
    bank_url: str, token: str, payway: PayWayKeys | None = None
) -> tuple[DemoLogin, ...]:
    """Make the practice shop in an empty database and return its logins.

    `token` is what the practice bank gave for `EMAIL`. With keys of PayWay the second till is
    paid there. Passwords are new for each shop.
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
        tills = ["Till 1", "Till 2 (PayWay)" if payway else "Till 2"]
        store = create_shop("Mekong Coffee", "Phnom Penh", "Riverside", tills, account)
        if payway:
            _pay_second_till(store, bank_url, payway)
        cashier, manager = (
            _create_user(store.id, "dara", "Dara", Role.CASHIER),
            _create_user(store.id, "maly", "Maly", Role.MANAGER),
        )
        row = db.session.scalars(select(User).where(User.username == manager.username)).one()
        rates.set_rate(row, RATE)
        quick_amounts.set_amounts(row, QUICK)
        return cashier, manager


def _pay_second_till(store: Store, bank_url: str, keys: PayWayKeys) -> None:
    account = NewAccount(
        gateway="payway",
        base_url=bank_url,
        account_id=MERCHANT_ID,
        token=keys.api_key,
        refund_key=keys.public_key,
        daily_quota=0,
        is_practice=True,
    )
    second = select(Till).where(Till.store_id == store.id).order_by(Till.id.desc()).limit(1)
    till_id = db.session.scalars(second).one().id
    pay_till_on(till_id, add_account(store.merchant_id, account).id)


def _create_user(store_id: int, username: str, name: str, role: Role) -> DemoLogin:
    password = _password()
    users.create(store_id, username, name, role, password)
    return DemoLogin(str(role), username, password)


def _password() -> str:
    """Return a password that is easy to type and not worth guessing: 2 words, 4 digits."""
    first, second = secrets.SystemRandom().sample(_WORDS, 2)
    return f"{first}-{second}-{secrets.randbelow(9000) + 1000}"
