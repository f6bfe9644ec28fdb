"""A customer's screen in a real browser that loses its line to the shop."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, sync_playwright

from tests.browser.install import chromium_path
from tests.browser.screens import DisplayPage
from tests.drill.lines import Line, after
from tests.drill.relay import Relay
from tests.drill.scene import Scene
from tests.soak.pages import csrf_of

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
STOPWATCH = """() => {
  window.began = performance.now();
  window.seen = {};
  const look = () => {
    const qr = document.querySelector('svg.qr');
    const lost = document.getElementById('lost');
    if (!lost.hidden && !window.seen.told) { window.seen.told = performance.now() - window.began; }
    const drawn = qr && qr.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!drawn && !window.seen.hidden) {
      window.seen.hidden = performance.now() - window.began;
    }
  };
  setInterval(look, 50);
}"""
"""The page's own watch over itself: a browser that is driven from outside is asked too late."""

TOLD_SECONDS, HIDDEN_SECONDS = 6.0, 15.0
SLACK_SECONDS = 1.0
"""What a busy machine may add until a browser that drives itself looks again."""


def lost_display(scene: Scene) -> Line:
    """A display with a QR on it loses its line, the customer pays, and the line comes back."""
    relay = Relay(scene.shop.url)
    try:
        with _page() as page:
            return _lose(scene, relay, page)
    finally:
        relay.close()


def _lose(scene: Scene, relay: Relay, page: Page) -> Line:
    display = DisplayPage(page, relay.url)
    display.open()
    _pair(scene, display.code())
    display.sees("idle", 15_000)
    panel = scene.till.charge()
    display.sees("waiting", 15_000)
    page.evaluate(STOPWATCH)
    relay.cut()
    told, hidden = _seen(page)
    scene.shop.pay(panel.qr)
    scene.wait_paid(panel.tran_id, 40)
    relay.mend()
    back = _seconds_until(page, '#screen[data-phase="paid"], #screen[data-phase="idle"]', "visible")
    seen = f"it said so {after(told)}, hid its QR {after(hidden)}, right again {after(back)}"
    in_time = told is not None and told <= TOLD_SECONDS + SLACK_SECONDS
    is_hidden = hidden is not None and hidden <= HIDDEN_SECONDS + SLACK_SECONDS
    return Line("a display loses its line", seen, in_time and is_hidden and back is not None)


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        try:
            yield browser.new_page(service_workers="block")
        finally:
            browser.close()


def _pair(scene: Scene, code: str) -> None:
    """Let the till follow the screen that shows this code, as a cashier does by two forms."""
    browser = scene.till.browser
    csrf = csrf_of(browser.get("/pairing").text)
    asked = browser.post("/pairing/pair", {"code": code}, csrf)
    browser.post(asked.url.path, {"answer": "pair"}, csrf)


def _seen(page: Page) -> tuple[float | None, float | None]:
    """Return when the page said that it lost the shop, and when its QR was gone, in seconds."""
    with contextlib.suppress(Error):
        page.wait_for_function("() => window.seen.told && window.seen.hidden", timeout=25_000)
    seen = page.evaluate("() => window.seen")
    told, hidden = (seen.get(name) for name in ("told", "hidden"))
    return (told and told / 1000, hidden and hidden / 1000)


def _seconds_until(page: Page, what: str, state: str) -> float | None:
    began = time.monotonic()
    try:
        page.locator(what).first.wait_for(state=state, timeout=25_000)  # type: ignore[arg-type]
    except Error:
        return None
    return time.monotonic() - began
