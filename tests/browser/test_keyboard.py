import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pos.extensions import db
from pos.models import Payment
from tests.browser.keys import go, here, tab_to
from tests.browser.screens import TillPage
from tests.browser.walking import broken_rules
from tests.factories import PIN, give_pin

NEXT_POLL = re.compile(r"/till/payment\?seen=")
ANNOUNCED = """() => {
  window.said = [];
  new MutationObserver(() => window.said.push(announcer.textContent))
    .observe(announcer, {childList: true, characterData: true, subtree: true});
}"""


def wait_for_poll(page, number=1):
    for _ in range(number):
        with page.expect_response(NEXT_POLL):
            pass


def qr_of(live):
    with live.app.app_context():
        return db.session.scalar(select(Payment.qr_string).order_by(Payment.id.desc()).limit(1))


@pytest.fixture
def start(live, visitors):
    """The login, before anything was pressed."""
    page = visitors.page()
    page.goto(f"{live.url}/")
    return TillPage(page, live.url)


def log_in_and_open(page, person):
    for name, text in (("username", person.username), ("password", person.password)):
        tab_to(page, name)
        page.keyboard.type(text)
    go(page)
    tab_to(page, "float_usd")
    page.keyboard.type("20")
    go(page)


def test_a_whole_sale_is_made_by_keyboard_alone(live, start):
    page = start.page
    log_in_and_open(page, live.shop.cashier)
    expect(start.status).to_have_text("Ready")
    page.wait_for_load_state("load")
    page.keyboard.type("350")
    page.keyboard.press("Enter")
    start.sees("waiting")
    live.bank.pay(qr_of(live))
    start.sees("paid")
    page.keyboard.type("200")
    expect(page.locator(".till[data-held]")).to_have_count(0)  # "Paid" stays for its seconds
    page.keyboard.press("Enter")
    expect(start.status).to_have_text("Waiting for $2.00")
    go(page, "cancel")
    start.sees("cancelled")


def test_the_stops_of_the_till_go_from_its_head_to_the_amount_and_on_to_its_end(till):
    stops = tab_to(till.page, "Close shift")
    wanted = ["Till", "sound", "amount", "note", "1", "+", "charge-button", "cash-button", "drawer"]
    assert [stop for stop in stops if stop in wanted] == wanted


def test_no_poll_takes_the_focus_or_what_is_being_typed(live, till):
    till.charge("3", "5", "0")
    till.sees("waiting")
    till.page.locator("#note").focus()
    for letter in "tab":
        till.page.keyboard.type(letter)
        wait_for_poll(till.page)
    live.bank.pay(qr_of(live))
    till.sees("paid")
    till.page.keyboard.type("le 7")
    assert here(till.page) == "note"
    expect(till.page.locator("#note")).to_have_value("table 7")


def test_a_button_in_the_panel_keeps_the_focus_when_the_panel_is_drawn_anew(live, till):
    till.charge("3", "5", "0")
    till.sees("waiting")
    tab_to(till.page, "cancel")
    till.page.evaluate("payment.dataset.old = 'yes'")
    live.bank.pay(qr_of(live), fail=True)
    till.sees("failed")
    assert till.page.evaluate("payment.dataset.old") is None
    assert here(till.page) == "cancel"


def test_the_live_line_is_written_on_a_change_and_by_no_other_poll(live, till, display):
    till.charge("3", "5", "0")
    till.sees("waiting")
    display.sees("waiting")
    for page in (till.page, display.page):
        expect(page.get_by_role("status")).to_have_count(1)
        page.evaluate(ANNOUNCED)
    wait_for_poll(till.page, 3)
    assert till.page.evaluate("said") == display.page.evaluate("said") == []
    live.bank.pay(qr_of(live))
    till.sees("paid")
    display.sees("paid")
    wait_for_poll(till.page, 2)
    assert till.page.evaluate("said") == ["Paid $3.50"]
    assert display.page.evaluate("said") == ["បានបង់: $3.50"]


def count(page, dollars):
    tab_to(page, "USD-20")
    page.keyboard.type(dollars)
    page.keyboard.press("Enter")
    assert here(page) == "USD-10"


def assert_open_to_all(till):
    for language in ("km", "en"):
        chosen = {"name": "pos_language", "value": language, "url": till.url}
        till.page.context.add_cookies([chosen])
        till.page.reload()
        assert broken_rules(till.page) == []


def test_a_whole_close_is_done_by_keyboard_alone(live, till):
    page = till.page
    with live.app.app_context():
        give_pin(live.shop.manager)
    go(page, "Close shift")
    go(page, "Stop selling and count")
    for heading, button in (
        ("Count the drawer", "Send the count"),
        ("Count once more", "Send the second count"),
    ):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_open_to_all(till)
        count(page, "1")
        go(page, button)
    expect(page.get_by_role("heading", level=1)).to_have_text("The count differs")
    assert_open_to_all(till)
    agree(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Z REPORT")
    go(page, "Print A4")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Z REPORT")


def agree(page):
    tab_to(page, "reason")
    page.keyboard.press("Space")
    tab_to(page, "note")
    page.keyboard.type("a note fell behind the drawer")
    tab_to(page, "pin")
    page.keyboard.type(PIN)
    go(page, "Close shift")
