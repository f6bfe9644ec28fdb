"""A counter whose clock stands still, served to real browsers, to look at each of its states."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFilter
from playwright.sync_api import Page
from werkzeug.serving import make_server

from pos.services.bookkeeping import shifts
from pos.services.shop import lease
from tests.browser.conftest import Visitors, read_whole
from tests.factories import open_shift, set_rate
from tests.web.conftest import Counter, Screen
from tests.web.pages import pair, press
from tests.web.stories import STORIES

LOGIN_COOKIE = "pos_login"

GALLERY = os.environ.get("KHQR_GALLERY", "")
"""The folder for a picture of each state; none are written where it is not named."""


def _cash(till: Counter) -> None:
    page = "/till/cash/take?amount=3.50&currency=USD"
    assert press(till.browser, page, "Take cash", usd="5").status_code == 303


def _unknown(till: Counter) -> None:
    till.charge()
    till.bank.misbehave(drop=True)
    till.press("Check now")
    till.bank.behave()


def _last_minute(till: Counter) -> None:
    till.charge()
    till.clock.advance(255)


def _paused(till: Counter) -> None:
    _cash(till)
    till.clock.advance(60)
    answer = press(till.browser, "/shifts/1/close", "Stop selling and count")
    assert answer.status_code == 303


def _closed(till: Counter) -> None:
    with till.app.app_context():
        shifts.close_shift(1, till.shop.cashier.id)


STATES = {
    **STORIES,
    "unknown": _unknown,
    "last_minute": _last_minute,
    "cash": _cash,
    "paused": _paused,
    "closed": _closed,
}
"""Each state of a counter and how to get there from an open shift."""

DISPLAY_SHOWS = {"unknown": "waiting", "last_minute": "waiting", "cancelling": "checking"} | {
    "cancelled": "idle",
    "create_failed": "idle",
    "mismatch": "ask",
    "late": "ask",
    "marked": "idle",
    "denied": "idle",
}
"""The phase of the customer's screen where it is not named as the state."""


@dataclass
class FrozenShop:
    """One till and its customer's screen, in whatever state a story has brought them to."""

    till: Counter
    screen: Screen
    visitors: Visitors
    url: str

    def play(self, state: str) -> None:
        """Bring the counter into a state, the worker being alive in it."""
        STATES[state](self.till)
        with self.till.app.app_context():
            lease.hold("a-worker")

    def display(self, width: int, height: int) -> Page:
        """Open the customer's screen in a browser of its own."""
        page = self.visitors.page({"width": width, "height": height})
        self._carry(page, self.screen.browser, "pos_display", "/display")
        page.goto(f"{self.url}/display")
        return page

    def till_page(self, width: int, height: int) -> Page:
        """Open the till as its cashier sees it."""
        page = self.visitors.page({"width": width, "height": height})
        self._carry(page, self.till.browser, LOGIN_COOKIE, "/")
        page.goto(f"{self.url}/till")
        return page

    def speak(self, page: Page, language: str) -> None:
        """Let a page speak another language."""
        if page.locator("html").get_attribute("lang") != language:
            chosen = {"name": "pos_language", "value": language, "url": self.url}
            page.context.add_cookies([chosen])
            page.reload()

    def keep(self, page: Page, name: str) -> None:
        """Write a picture of the page for the gallery, where `make screenshots` asks for it."""
        if GALLERY:
            picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
            half = picture.resize((picture.width // 2, picture.height // 2))
            half.convert("RGB").save(Path(GALLERY) / f"{name}.webp", quality=82, method=6)

    def _carry(self, page: Page, client: FlaskClient, name: str, path: str) -> None:
        cookie = client.get_cookie(name, path=path)
        assert cookie is not None
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": self.url}])


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, read_whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def open_counter(app: Flask, till: Counter) -> Screen:
    """Open a shift with a rate, and pair a customer's screen with its till."""
    with app.app_context():
        open_shift(till.shop)
        set_rate(till.shop)
    screen = Screen(app.test_client())
    assert pair(till.browser, screen.code).status_code == 303
    till.browser.get("/pairing")  # takes the notice away that the screen was paired
    return screen


def picture_of(page: Page) -> Image.Image:
    """Return what a person sees of the page now."""
    return Image.open(io.BytesIO(page.screenshot())).convert("L")


def far_and_blurred(picture: Image.Image) -> Image.Image:
    """Return it as a phone's camera sees it from some way off: a quarter as large, and soft."""
    small = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(0.6))


def codes_in(picture: Image.Image) -> list[str]:
    """Return the text of each QR that can be read off a picture."""
    return [
        code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    ]
