import pytest
from playwright.sync_api import expect

from pos.extensions import db
from pos.khqr import decode
from pos.models import User
from pos.services.selling import tips
from tests.browser.looking import look
from tests.factories import usd

UPRIGHT, WIDE = {"width": 800, "height": 1280}, {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def asking(live, till, display):
    with live.app.app_context():
        tips.set_asking(db.session.get_one(User, live.shop.manager.id), asks=True)
    return till


def assert_all_is_there(page, selector):
    """Nothing stands outside the glass, and a finger finds each key."""
    seen = look(page, selector)[selector]
    size = page.viewport_size
    assert len(seen) == 4
    for one in seen:
        assert 0 <= one.left < one.right <= size["width"], one
        assert 0 <= one.top < one.bottom <= size["height"], one
        assert one.bottom - one.top >= 64 and one.contrast >= 4.5


@pytest.mark.parametrize("size", [WIDE, UPRIGHT], ids=["wide", "upright"])
def test_a_customer_adds_a_tip_at_one_tap_and_the_qr_has_it(asking, display, size):
    page = display.page
    page.set_viewport_size(size)
    page.evaluate("window.same = true")
    asking.charge("3", "5", "0")
    display.sees("tip")
    assert_all_is_there(page, ".tip-offer")
    page.get_by_role("button", name="10 %").click()
    display.sees("waiting")
    assert decode(display.scan()).amount == usd("3.85")
    assert page.evaluate("window.same") is True  # a page of its own would leave full screen
    expect(asking.panel).to_contain_text("$3.50 and a tip of $0.35")


def test_the_cashier_goes_on_without_a_tip_or_gives_up_on_a_phone(asking, display):
    asking.page.set_viewport_size(PHONE)
    asking.charge("3", "5", "0")
    asking.sees("tip")
    expect(asking.status).to_have_text("The customer is asked for a tip on $3.50")
    asking.press("Cancel")
    display.sees("idle")
    asking.charge("2", "00")
    asking.press("No tip")
    display.sees("waiting")
    assert decode(display.scan()).amount == usd("2")
