import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import DisplayPage, TillPage

KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return kept;
}"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
AWAKE = """
window.awake = 0;
WakeLock.prototype.request = function () { window.awake += 1; return Promise.resolve({}); };
"""


@pytest.fixture
def kiosk(live, visitors):
    """A till at a browser that keeps files, with a shift just opened."""
    till = TillPage(visitors.page(worker=True), live.url)
    till.log_in(live.shop.cashier)
    till.open_shift()
    till.page.wait_for_function(CONTROLLED)
    return till


def test_no_amount_and_no_payment_is_ever_kept_on_a_device(live, visitors, kiosk, phone):
    display = DisplayPage(visitors.page(worker=True), live.url)
    display.open()
    kiosk.pair(display.code())
    kiosk.charge("3", "5", "0")
    qr = display.scan()
    phone.pay(qr)
    kiosk.sees("paid")
    for page in (kiosk.page, display.page):
        page.wait_for_function(CONTROLLED)
        kept = page.evaluate(KEPT)
        assert "/offline" in kept and len(kept) > 30
        assert all(path.startswith("/static/") for path in kept.keys() - {"/offline"})
        whole = "".join(kept.values())
        assert not [word for word in (qr, "Mekong Coffee", "$3.50") if word in whole]


def test_a_shop_that_is_gone_leaves_a_page_that_comes_back_by_itself(live, kiosk):
    kiosk.charge("3", "5", "0")
    live.cut()
    kiosk.page.goto(f"{live.url}/till")
    expect(kiosk.page.get_by_role("heading", name="The shop cannot be reached")).to_be_visible()
    expect(kiosk.page.locator("body")).not_to_contain_text(re.compile(r"\d\.\d\d"))
    live.serve()
    kiosk.sees("waiting", timeout=12_000)


def test_starting_a_display_fills_the_screen_and_leaves_nothing_in_the_way(display):
    display.page.get_by_role("button", name="Start display").click()
    display.page.wait_for_function("() => document.fullscreenElement !== null")
    expect(display.page.locator("#start-display")).to_be_hidden()


def test_both_screens_are_kept_awake(live, till, display):
    for page in (till.page, display.page):
        page.add_init_script(AWAKE)
        page.reload()
        page.wait_for_function("() => window.awake === 1")
