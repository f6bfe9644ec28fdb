"""A counter to measure: a shop with an open shift, a cashier logged in, a display paired."""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from pos import clock, create_app
from pos.config import Settings
from pos.extensions import db
from pos.gateways.base import Answer, Outcome, PaidFacts
from pos.models import Payment
from pos.services.settling import answers
from tests import factories

NOBODY = "http://127.0.0.1:9"
"""Where this shop's bank would be; nothing that is measured asks it."""

Environ = dict[str, Any]


class Counter:
    """What a till and a display send, as requests that can be given to the app or a server."""

    def __init__(self, settings: Settings) -> None:
        self.app = _new_app(settings)
        with self.app.app_context():
            self.shop = factories.create_shop(NOBODY, "", daily_quota=0)
        self._till = factories.log_in(self.app.test_client(), self.shop.cashier)
        form = {"till_id": str(self.shop.till_id), "float_usd": "", "float_khr": ""}
        assert factories.post(self._till, "/shifts/open", form).status_code == 303
        self._display = self.app.test_client()
        code = re.findall(r"<span>(\d{3})</span>", self._display.get("/display").text)
        pair = factories.post(self._till, "/pairing/pair", {"code": "".join(code)}, "/pairing")
        asked = pair.headers["Location"]
        assert factories.post(self._till, asked, {"answer": "pair"}).status_code == 303
        self._token = factories.csrf_token(self._till, "/till")
        found = re.search(r'name="shift" value="([^"]+)"', self._till.get("/till").text)
        assert found is not None
        self._shift = found[1]

    def till(self, path: str, form: dict[str, str] | None = None) -> Environ:
        """Return a request of the cashier's browser."""
        return _request(self._till, path, form)

    def display(self, path: str) -> Environ:
        """Return a request of the customer's screen."""
        return _request(self._display, path)

    def charge(self) -> Environ:
        """Return the request that a tap on Charge sends."""
        form = {"amount": "3.50", "currency": "USD", "key": secrets.token_urlsafe(24)}
        form["sure"] = "USD 3.50"
        return self.till("/till/charge", {"csrf_token": self._token, "shift": self._shift, **form})

    def unchanged(self) -> dict[str, Environ]:
        """Return the poll of each screen that says it has seen what there is to see."""
        till, display = self._till.get("/till").text, self._display.get("/display").text
        return {
            "till": self.till(_poll_of(till)),
            "display": self.display(_poll_of(display)),
        }

    def show_qr(self) -> None:
        """Leave a QR waiting on both screens."""
        assert answer_to(self.app, self.charge()) == 303

    def pay(self) -> None:
        """Let the newest payment be paid, as the bank would report it."""
        with self.app.app_context():
            payment = db.session.scalars(select(Payment).order_by(Payment.id.desc())).first()
            assert payment is not None
            facts = PaidFacts(
                reference=secrets.token_hex(32),
                amount=payment.amount,
                payer="customer@practice",
                receiver=payment.receiver,
                paid_at=clock.now(),
            )
            answer = Answer(outcome=Outcome.PAID, facts=facts)
            answers.record(payment.id, answer, asked_at=clock.now(), took_ms=1, who="bench")


def _new_app(settings: Settings) -> Flask:
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


def _request(client: FlaskClient, path: str, form: dict[str, str] | None = None) -> Environ:
    page = "/display" if path.startswith("/display") else "/password"
    cookies = client.get(page).request.environ["HTTP_COOKIE"]
    method = "POST" if form else "GET"
    builder = EnvironBuilder(path=path, method=method, data=form, headers={"Cookie": cookies})
    return dict(builder.get_environ())


def _poll_of(page: str) -> str:
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found, "the page does not poll"
    return found[1].replace("&amp;", "&")


def answer_to(app: WSGIApplication, environ: Environ) -> int:
    """Give a request to an app, take all of its answer, and return the status."""
    heard: list[int] = []

    def start(status: str, _headers: object, _error: object = None) -> Any:
        heard.append(int(status[:3]))

    body: Iterable[bytes] = app(environ, start)
    for _part in body:
        pass
    if hasattr(body, "close"):
        body.close()
    return heard[0]


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Counter, Settings]]:
    """Give a fresh counter whose books lie in the folder, and its settings."""
    keys = {"secret_key": secrets.token_hex(32), "vault_key": Fernet.generate_key().decode()}
    settings = Settings(**keys, instance=folder, qr_seconds=600)
    counter = Counter(settings)
    yield counter, settings
    with counter.app.app_context():
        for engine in db.engines.values():
            engine.dispose()
