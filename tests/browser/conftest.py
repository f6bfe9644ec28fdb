import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from pos import create_app
from pos.worker import Worker
from tests import factories
from tests.browser.install import chromium_path
from tests.browser.screens import DisplayPage, PhonePage, TillPage
from tests.conftest import Bank, close, make_settings

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]

TABLET = {"width": 1280, "height": 800}

expect.set_options(timeout=8_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid and "test_install" not in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


def read_whole(app):
    """Give the app with each answer read and closed before it is sent.

    Werkzeug's server leaves the file open that a browser hangs up on; gunicorn closes it.
    """

    def answer(environ, start_response):
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        start_response(status, list(headers))
        return list(body)

    return answer


class LiveShop:
    """The real app and worker of one shop, on a real port; the web server can be cut off."""

    def __init__(self, app, bank: Bank, shop: factories.Shop) -> None:
        self.app, self.bank, self.shop = app, bank, shop
        self.port = 0
        self.worker = Worker(app)
        self.serve()
        self.url = f"http://127.0.0.1:{self.port}"
        self.worker.start()

    def serve(self) -> None:
        self._server = make_server("127.0.0.1", self.port, read_whole(self.app), threaded=True)
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def cut(self) -> None:
        """Take the web server away, as a pulled plug would; `serve` brings it back."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def close(self) -> None:
        self.worker.stop()
        self.cut()
        close(self.app)


@pytest.fixture
def changes(request: pytest.FixtureRequest) -> dict[str, int]:
    """Settings of the shop that a test wants other than usual."""
    marker = request.node.get_closest_marker("settings")
    return marker.kwargs if marker else {}


@pytest.fixture
def live(tmp_path, database, bank, changes, compiled) -> Iterator[LiveShop]:
    app = create_app(make_settings(tmp_path, database_url=database, gateway_seconds=2, **changes))
    app.jinja_env.bytecode_cache = compiled
    with app.app_context():
        shop = factories.create_shop(bank.url, bank.token(), daily_quota=0)
    live = LiveShop(app, bank, shop)
    yield live
    live.close()


class Visitors:
    """Opens browser windows that know nothing of each other, and minds their consoles."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(
        self, size: dict[str, int] | None = None, *, script: bool = True, worker: bool = False
    ) -> Page:
        """Open a window; without `worker` it keeps no files, which costs a test some seconds."""
        context = self._browser.new_context(
            viewport=size or TABLET,
            java_script_enabled=script,
            service_workers="allow" if worker else "block",
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        return page

    def _listen(self, message) -> None:
        # A cut line is told as a failed load, by the browser and by htmx; all else is our mistake.
        cut = message.text.startswith(("Failed to load resource", "htmx:"))
        if message.type == "error" and not cut:
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    visitors = Visitors(chromium)
    yield visitors
    visitors.close()
    assert visitors.complaints == []


@pytest.fixture
def till(live: LiveShop, visitors: Visitors) -> TillPage:
    """A cashier's till with an open shift."""
    till = TillPage(visitors.page(), live.url)
    till.log_in(live.shop.cashier)
    till.open_shift()
    return till


@pytest.fixture
def display(live: LiveShop, visitors: Visitors, till: TillPage) -> DisplayPage:
    """A customer's screen, paired to the till."""
    display = DisplayPage(visitors.page(), live.url)
    display.open()
    till.pair(display.code())
    display.sees("idle")
    return display


@pytest.fixture
def phone(live: LiveShop, visitors: Visitors) -> PhonePage:
    """The customer's phone at the practice bank."""
    return PhonePage(visitors.page({"width": 390, "height": 844}), live.bank.url)
