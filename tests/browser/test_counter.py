import pytest
from playwright.sync_api import expect

from pos.extensions import db
from pos.models import User
from pos.services.people import users
from tests import factories
from tests.browser.screens import TillPage

SIZES = [(1280, 800), (1024, 600), (800, 1280), (1920, 1080), (390, 844)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_qr_fills_most_of_the_short_side(till, display, size):
    width, height = size
    display.page.set_viewport_size({"width": width, "height": height})
    till.charge("1", "2", "00")
    text = display.scan()
    box = display.qr.bounding_box()
    assert box["width"] >= 0.6 * min(size) and box["height"] >= 0.6 * min(size)
    assert text.startswith("000201")


def test_keyboard_alone_takes_a_payment(till, display):
    till.page.keyboard.type("12500")
    till.page.keyboard.press("Backspace")
    expect(till.amount).to_have_value("12.50")
    till.page.keyboard.press("Enter")
    expect(till.status).to_have_text("Waiting for $12.50")


def test_escape_and_clear_empty_the_amount(till):
    till.press("1", "2", "Clear")
    expect(till.amount).to_have_value("")
    till.page.keyboard.type("99")
    till.page.keyboard.press("Escape")
    expect(till.amount).to_have_value("")


def test_amount_may_be_typed_into_its_field(till):
    till.amount.fill("7.25")
    till.press("Charge")
    expect(till.status).to_have_text("Waiting for $7.25")


def test_empty_charge_is_refused_in_words(till):
    till.amount.fill("0")
    till.page.keyboard.press("Enter")
    expect(till.page.get_by_role("alert").filter(visible=True)).to_contain_text("amount")
    expect(till.status).to_have_text("Ready")


def test_till_works_without_script(live, visitors):
    till = TillPage(visitors.page(script=False), live.url)
    till.log_in(live.shop.cashier)
    till.open_shift()
    till.amount.fill("3.50")
    till.press("Charge")
    expect(till.page.locator("#payment")).to_contain_text("Waiting")


def test_reload_keeps_the_waiting_sale(till, display):
    till.charge("3", "5", "0")
    qr = display.scan()
    till.page.reload()
    display.page.reload()
    till.sees("waiting")
    assert display.scan() == qr


def test_display_hides_its_qr_when_the_shop_is_gone(live, till, display):
    till.charge("3", "5", "0")
    qr = display.scan()
    live.cut()
    expect(till.page.get_by_text("Connection lost")).to_be_visible(timeout=12_000)
    expect(display.qr).to_be_hidden(timeout=16_000)
    expect(display.page.get_by_text("Reconnecting")).to_be_visible()
    live.serve()
    expect(display.qr).to_be_visible(timeout=12_000)
    assert display.scan() == qr
    expect(till.page.get_by_text("Connection lost")).to_be_hidden()


def test_unpaired_screen_shows_a_new_code_at_once(till, display):
    till.page.get_by_role("link", name="Customer screen").click()
    till.page.get_by_role("button", name="Remove").click()
    display.sees("pairing")
    assert len(display.code()) == 6


def test_screen_of_one_till_never_shows_another(live, visitors, till, display):
    with live.app.app_context():
        other = factories.create_user(live.shop.store_id, "sophy")
    second = TillPage(visitors.page(), live.url)
    second.log_in(other)
    second.page.get_by_role("radio", name="Till 2").check(force=True)
    second.open_shift()
    second.charge("9", "00")
    second.sees("waiting")
    display.sees("idle")
    expect(display.qr).to_have_count(0)


def test_login_over_elsewhere_sends_the_till_to_the_login(live, till):

    with live.app.app_context():
        users.set_active(db.session.get(User, live.shop.cashier.id), False)
    expect(till.page.get_by_label("Password")).to_be_visible()


def test_phone_link_of_the_till_opens_the_payment(till, display, visitors):
    till.charge("3", "5", "0")
    link = till.page.get_by_role("link", name="Open on the practice phone")
    with till.page.context.expect_page() as opened:
        link.click()
    phone = opened.value
    expect(phone.locator("body")).to_contain_text("Mekong Coffee")
    phone.get_by_role("button", name="Pay", exact=True).click()
    display.sees("paid")


def test_a_poll_says_how_long_the_page_can_stand_its_silence(till):
    with till.page.expect_request("**/till/payment?seen=*") as asked:
        pass
    assert asked.value.headers["prefer"] == "wait=3"
    till.page.route("**/till/payment?*", lambda route: route.abort())
    with till.page.expect_request("**/till/payment?seen=*"):
        pass
    # What was cut once may be cut again: nothing is waited for.
    with till.page.expect_request("**/till/payment?seen=*") as again:
        pass
    assert "prefer" not in again.value.headers
