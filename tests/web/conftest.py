from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Row, select
from werkzeug.test import TestResponse

from pos.database import READS
from pos.extensions import db
from pos.models import Payment
from pos.services.asking import questions
from pos.services.settling import answers
from tests import counting
from tests.conftest import Bank, Clock
from tests.factories import Shop, open_shift
from tests.quiet import app, apps, database, settings, shared, tmp_path
from tests.web import world as worlds
from tests.web.pages import Element, pair, press, read
from tests.web.world import World

__all__ = ["app", "apps", "database", "settings", "shared", "tmp_path"]

Books = dict[str, list[Any]]


@pytest.fixture(autouse=True)
def quick_templates(app: Flask, compiled: FileSystemBytecodeCache) -> None:
    app.jinja_env.bytecode_cache = compiled


def read_books(app: Flask, *, but: tuple[str, ...] = ()) -> Books:
    """Return every row of every table, but for those named, and the log of what was refused."""
    with app.app_context(), db.engines[READS].connect() as connection:
        return {
            name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for name, table in db.metadata.tables.items()
            if name not in (*but, "audit_entry", "audit_end")
        }


@pytest.fixture
def books(app: Flask) -> Callable[..., Books]:
    """Reads the whole database, to show that something changed nothing."""
    return lambda **but: read_books(app, **but)


@dataclass
class Counter:
    """A till at work: the cashier's browser, the bank, and what the worker does."""

    app: Flask
    shop: Shop
    bank: Bank
    clock: Clock
    browser: FlaskClient

    def charge(self, amount: str = "3.50", currency: str = "USD") -> TestResponse:
        # Should the till ask whether the same amount again is another sale: it is.
        typed = {"amount": amount, "currency": currency, "sure": f"{currency} {amount}"}
        return press(self.browser, "/till", "Charge", **typed)

    def press(self, button: str) -> TestResponse:
        return press(self.browser, "/till", button)

    def payment(self) -> Row[Any]:
        """The newest payment as it stands in the books."""
        query = select(Payment.__table__).order_by(Payment.id.desc()).limit(1)
        with self.app.app_context(), db.engines[READS].connect() as connection:
            return connection.execute(query).one()

    def pay(self, **wishes: Any) -> None:
        self.bank.pay(self.payment().qr_string, **wishes)

    def work(self, after: float = 0) -> None:
        """Let time pass, then do once what the worker does twice a second."""
        self.clock.advance(after)
        with self.app.app_context():
            answers.expire_due()
            for payment_id in questions.due():
                questions.ask_if_due(payment_id)

    def panel(self) -> Element:
        return read(self.browser.get("/till")).one(id="payment")

    def poll(self) -> TestResponse:
        """Ask as the panel on the page would ask next."""
        return self.browser.get(self.panel().attrs["hx-get"], headers={"HX-Request": "true"})

    def questions(self) -> int:
        """How often the bank was asked whether something was paid."""
        return sum("check_transaction" in call["path"] for call in self.bank.calls())


@pytest.fixture
def till(app: Flask, shop: Shop, bank: Bank, clock: Clock, cashier: FlaskClient) -> Counter:
    """Till 1 with an open shift of the cashier's, nothing charged yet."""
    with app.app_context():
        open_shift(shop)
    return Counter(app, shop, bank, clock, cashier)


@pytest.fixture
def waiting(till: Counter) -> Counter:
    """Till 1 with a QR over $3.50 in front of the customer."""
    assert till.charge().status_code == 303
    return till


@dataclass
class Screen:
    """A browser in front of the customer."""

    browser: FlaskClient

    def show(self) -> Element:
        """What stands on the screen when its page is loaded."""
        return read(self.browser.get("/display")).one(id="screen")

    def poll(self, seen: str = "") -> TestResponse:
        """Ask as the screen asks next, or with an older `seen`."""
        headers = {"HX-Request": "true"}
        return self.browser.get(seen or self.show().attrs["hx-get"], headers=headers)

    @property
    def code(self) -> str:
        return "".join(self.show().one(id="pairing-code").text.split())

    @property
    def phase(self) -> str:
        return self.show().attrs["data-phase"]


@pytest.fixture
def screen(app: Flask, shop: Shop) -> Screen:
    """A customer's screen that follows nothing yet."""
    return Screen(app.test_client())


@pytest.fixture
def display(till: Counter, screen: Screen) -> Screen:
    """A customer's screen that follows Till 1."""
    answer = pair(till.browser, screen.code)
    assert answer.status_code == 303
    return screen


@pytest.fixture
def world(app: Flask, shop: Shop, bank: Bank) -> World:
    """Two stores at work; see `world.py`."""
    return worlds.build(app, shop, bank)


@pytest.fixture
def queries(app: Flask) -> Callable[[], Any]:
    """Counts what is asked of the database: `with queries() as asked: ...; len(asked)`."""

    with app.app_context():
        engines = list(db.engines.values())
    return lambda: counting.queries(engines)
