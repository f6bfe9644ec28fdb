"""What tests need to have: plain functions with defaults, through the app's own services."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from pos.cash import Rate
from pos.database import writing
from pos.extensions import db
from pos.models import Display, Payment, Role, Shift, Store, Till, User, ZReport
from pos.money import Currency, Money
from pos.reports.closing import drawer
from pos.services.bookkeeping import counting, shifts
from pos.services.bookkeeping.pieces import Counted
from pos.services.people import pins
from pos.services.selling import checkout, rates
from pos.services.settling import marks
from pos.services.shop import screen_pairing, shops

ACCOUNT_ID = "mekong_coffee@prac"
EMAIL = "shop@mekong.example"
PASSWORD = "mango-river-1234"


@dataclass(frozen=True)
class Person:
    id: int
    username: str
    password: str = PASSWORD


@dataclass(frozen=True)
class Shop:
    """The ids of what `create_shop` made."""

    store_id: int
    account_id: int
    till_ids: tuple[int, ...]
    cashier: Person
    manager: Person

    @property
    def till_id(self) -> int:
        return self.till_ids[0]


@cache
def password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def create_shop(bank_url: str, token: str, name: str = "Mekong Coffee", **account: Any) -> Shop:
    usual = {"gateway": "bakong", "account_id": ACCOUNT_ID, "token_email": EMAIL}
    chosen = {**usual, "daily_quota": 0, **account}
    new = shops.NewAccount(base_url=bank_url, token=token, is_practice=True, **chosen)
    store = shops.create_shop(name, "Phnom Penh", "Riverside", ["Till 1", "Till 2"], new)
    query = select(Till.id).where(Till.store_id == store.id).order_by(Till.id)
    return Shop(
        store_id=store.id,
        account_id=store.account_id,
        till_ids=tuple(db.session.scalars(query)),
        cashier=create_user(store.id, "dara"),
        manager=create_user(store.id, "maly", Role.MANAGER),
    )


def create_user(store_id: int, username: str, role: Role = Role.CASHIER) -> Person:
    """Add a person whose password is hashed cheaply: hashing is not what is tested."""
    with writing(db.session):
        user = User(
            store_id=store_id,
            username=username,
            display_name=username.title(),
            role=role,
            password_hash=password_hash(),
        )
        db.session.add(user)
        db.session.flush()
        return Person(user.id, username)


def usd(text: str) -> Money:
    return Money.read(text, Currency.USD)


def khr(text: str) -> Money:
    return Money.read(text, Currency.KHR)


def pair_screen(code: str, till: Till) -> Display:
    """Type a screen's code at a till, and say yes."""
    asked = screen_pairing.ask(code, till.id)
    screen_pairing.pair(asked.id, till.id)
    return asked


NO_FLOAT = (Money(0, Currency.USD), Money(0, Currency.KHR))


def open_shift(shop: Shop, till: int = 0, floats: tuple[Money, Money] = NO_FLOAT) -> Shift:
    return shifts.open_shift(shop.till_ids[till], shop.cashier.id, floats)


def close_shift(shift: Shift, person: Person) -> ZReport:
    """Count what should be in the drawer and close the shift with that."""
    if drawer.is_untouched(shift):
        return shifts.close_shift(shift.id, person.id)
    counting.begin(shift.id)
    right = Counted(pieces={}, other=drawer.expected(shift))
    report = counting.submit(shift.id, right, new_key(), counted_by_id=person.id)
    assert report is not None
    return report


def set_rate(shop: Shop, buy: int = 4_000, sell: int = 4_100) -> None:
    rates.set_rate(db.session.get(User, shop.manager.id), Rate(buy=buy, sell=sell), is_sure=True)


def new_key() -> str:
    return f"a-key-nobody-used-{next(_keys)}"


_keys = iter(range(10**9))


def charge(shift: Shift, amount: Money | None = None, key: str = "") -> Payment:
    return checkout.charge(shift.id, amount or usd("3.50"), key or new_key(), who="cashier:dara")


def log_in(client: FlaskClient, person: Person, page: str = "") -> FlaskClient:
    form = {"username": person.username, "password": person.password}
    answer = post(client, "/login", form, page)
    assert answer.status_code == 303, answer.text
    return client


_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def csrf_token(client: FlaskClient, page: str) -> str:
    """Return the token of the forms on a page, as a browser would send it."""
    found = _TOKEN.search(client.get(page, follow_redirects=True).text)
    assert found, f"no form on {page}"
    return found[1]


def post(client: FlaskClient, url: str, form: dict[str, str] | None = None, page: str = ""):
    """Post a form as a browser does that has `page` open (by default the one it posts to)."""
    token = csrf_token(client, page or url)
    return client.post(url, data={"csrf_token": token, **(form or {})})


def create_other_shop(bank_url: str, token: str) -> Shop:
    """Add a second merchant's store to the same installation, with people of its own."""
    new = shops.NewAccount(
        gateway="bakong",
        base_url=bank_url,
        account_id="tonle_books@prac",
        token_email=EMAIL,
        token=token,
        is_practice=True,
    )
    store = shops.create_shop("Tonle Books", "Siem Reap", "Old Market", ["Till A"], new)
    return Shop(
        store_id=store.id,
        account_id=store.account_id,
        till_ids=(db.session.scalars(select(Till.id).where(Till.store_id == store.id)).one(),),
        cashier=create_user(store.id, "vuthy"),
        manager=create_user(store.id, "rath", Role.MANAGER),
    )


def add_store(shop: Shop) -> Shop:
    """Add a second store to the same merchant, with people of its own."""
    with writing(db.session):
        first = db.session.get_one(Store, shop.store_id)
        store = Store(
            merchant_id=first.merchant_id, account_id=first.account_id, name="Airport", label="A"
        )
        db.session.add(store)
        db.session.flush()
        till = Till(store_id=store.id, name="Gate 1", label="G1")
        db.session.add(till)
        db.session.flush()
        ids = store.id, till.id
    return Shop(
        store_id=ids[0],
        account_id=shop.account_id,
        till_ids=(ids[1],),
        cashier=create_user(ids[0], "chan"),
        manager=create_user(ids[0], "bopha", Role.MANAGER),
    )


PIN = "273846"


def give_pin(person: Person) -> Person:
    """Give a manager a PIN, hashed as the app does."""
    pins.set_pin(db.session.get_one(User, person.id), PIN)
    return person


def mark(payment_id: int, shop: Shop, evidence: str = "receipt 1a2b3c4d") -> None:
    """Call a payment paid by hand, as the cashier asks and the manager agrees."""
    wish = marks.Wish(
        reason="receipt_seen",
        evidence=evidence,
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    marks.mark_paid(db.session.get_one(Payment, payment_id), wish, who="cashier:dara")
