"""The main job at a till that is paid by ABA PayWay: told by a callback, and by asking alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from pos import clock, create_app
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayCallback, GatewayQuestion, Payment
from tests import payway
from tests.browser.conftest import LiveShop
from tests.browser.test_story import GREEN_WITHIN_MS, is_unreloaded, mark_page, stored_qr
from tests.conftest import make_settings
from tests.signing import PATH

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def live(tmp_path, database, bank, changes):
    settings = make_settings(tmp_path, database_url=database, gateway_seconds=2, **changes)
    app = create_app(settings)
    live = LiveShop(app, bank, payway.open_shop(app, bank))
    payway.open_merchant(bank, callback_url=f"{live.url}{PATH}")
    yield live
    live.close()


def ask_no_more(live):
    """Plan the next question for an hour from now, as if it had just been asked."""
    with live.app.app_context(), writing(db.session):
        later = clock.now() + timedelta(hours=1)
        db.session.execute(update(Payment).values(next_check_at=later))


def read(live, query):
    with live.app.app_context():
        return list(db.session.scalars(query))


def test_main_job_settled_by_a_callback(live, till, display, phone):
    till.charge("3", "5", "0")
    till.sees("waiting")
    ask_no_more(live)
    qr = display.scan()
    assert qr == stored_qr(live)
    mark_page(till.page), mark_page(display.page)
    phone.pay(qr)
    display.sees("paid", GREEN_WITHIN_MS)
    till.sees("paid", GREEN_WITHIN_MS)
    assert is_unreloaded(till.page) and is_unreloaded(display.page)
    outcomes = read(live, select(GatewayQuestion.outcome).order_by(GatewayQuestion.id))
    assert outcomes[0] == "paid"
    assert read(live, select(GatewayCallback.copies)) == [1]


def test_main_job_in_riel_settled_by_asking_alone(live, till, display, phone):
    live.bank.misbehave(callback_never=True)
    till.charge("1", "5", "000", currency="KHR")
    phone.pay(display.scan())
    display.sees("paid", GREEN_WITHIN_MS)
    till.sees("paid", GREEN_WITHIN_MS)
    expect(display.screen).to_contain_text("15,000")
    assert read(live, select(GatewayCallback.id)) == []


@pytest.mark.parametrize(
    "switches", [{"callback_tampered": True}, {"callback_wrong_key": True}, {"callback_delay": 60}]
)
def test_a_callback_that_is_forged_or_late_changes_nothing(live, till, display, phone, switches):
    live.bank.misbehave(**switches)
    till.charge("3", "5", "0")
    phone.pay(display.scan())
    till.sees("paid")
    display.sees("paid")


def test_callbacks_that_come_many_times_and_in_any_order_pay_once(live, till, display, phone):
    live.bank.misbehave(callback_copies=20, callback_shuffled=True, callback_full=True)
    till.charge("3", "5", "0")
    till.sees("waiting")
    ask_no_more(live)
    phone.pay(display.scan())
    till.sees("paid", GREEN_WITHIN_MS)
    till.close_shift()
    expect(till.page.locator("main")).to_contain_text("Z REPORT")
    assert read(live, select(GatewayCallback.copies)) == [20]


def test_cancel_closes_the_qr_at_the_bank(live, till, display):
    till.charge("3", "5", "0")
    expect(display.qr).to_be_visible()
    till.press("Cancel")
    till.sees("idle", 12_000)
    assert list(payway.bills(live.bank).values()) == [True]


def test_on_a_phone_the_qr_leads_into_the_banks_app(till, display):
    till.charge("3", "5", "0")
    link = display.page.get_by_role("link", name="Open in the bank app")
    expect(display.qr).to_be_visible()
    expect(link).to_be_hidden()
    display.page.set_viewport_size(PHONE)
    expect(link).to_be_visible()
    box = display.qr.bounding_box()
    assert box["width"] >= 0.6 * PHONE["width"] and display.scan()
    link.click()
    display.page.get_by_role("button", name="Pay", exact=True).click()
    till.sees("paid")
