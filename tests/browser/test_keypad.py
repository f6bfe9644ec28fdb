import re

import pytest
from playwright.sync_api import expect

from pos.extensions import db
from pos.khqr import decode
from pos.models import User
from pos.money import Currency, Money
from pos.services.selling import discounts, quick_amounts
from tests.browser.screens import TillPage

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def quick(live):
    """Six amounts in each currency: as many as there can be."""
    rows = {
        Currency.USD: (100, 150, 250, 500, 1_000, 2_000),
        Currency.KHR: (2_000, 4_000, 5_000, 10_000, 20_000, 50_000),
    }
    with live.app.app_context():
        manager = db.session.get_one(User, live.shop.manager.id)
        amounts = {of: tuple(Money(one, of) for one in row) for of, row in rows.items()}
        quick_amounts.set_amounts(manager, amounts)


def box(till, selector):
    found = till.page.locator(selector).bounding_box()
    assert found is not None
    return found


def assert_within_reach(till, height):
    for selector in ("#charge-button", "#cash-button"):
        at = box(till, selector)
        assert at["y"] >= 0 and at["y"] + at["height"] <= height, selector
    assert till.page.evaluate("scrollY") == 0
    assert till.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800), (1024, 768)])
def test_every_key_is_large_and_charge_and_cash_need_no_scrolling(quick, till, size):
    till.page.set_viewport_size({"width": size[0], "height": size[1]})
    for language in ("English", "ខ្មែរ"):
        switch = till.page.get_by_role("button", name=language)
        if switch.count():
            switch.click()
            till.page.wait_for_load_state("load")
        keys = [one.bounding_box() for one in till.page.locator("[data-key]").all()]
        assert len(keys) == 15
        assert min(min(key["width"], key["height"]) for key in keys) >= 64
        assert box(till, "#charge-button")["height"] >= 72
        assert_within_reach(till, size[1])


def test_a_long_amount_shrinks_and_does_not_leave_its_field(till):
    till.page.set_viewport_size(PHONE)
    till.choose("KHR")
    for keys in ("3", "1234567", "99"):
        till.press(*keys)
        assert till.page.evaluate("amount.scrollWidth <= amount.clientWidth")


def test_a_key_is_drawn_at_once_and_alone(till):
    spent = till.page.evaluate(
        """() => { const key = document.querySelector('[data-key="7"]'), begin = performance.now();
        key.click(); return [amount.value, key.dataset.pressed, performance.now() - begin] }"""
    )
    assert spent[:2] == ["0.07", "yes"] and spent[2] < 100


def test_plus_adds_and_shows_what_it_adds_and_backspace_goes_back(till):
    till.press("1", "5", "0", "Plus")
    expect(till.page.locator("#amount-sum")).to_have_text("1.50 +")
    till.press("2", "00")
    expect(till.amount).to_have_value("3.50")
    expect(till.page.locator("#amount-sum")).to_have_text("1.50 + 2.00")
    till.press("Backspace", "Backspace", "Backspace", "Backspace", "5")
    expect(till.amount).to_have_value("15.05")
    till.press("Clear", "1", "5", "0")
    till.page.keyboard.type("+200")
    till.page.keyboard.press("Enter")
    expect(till.status).to_have_text("Waiting for $3.50")


def test_riel_show_to_which_hundred_they_go(till):
    till.choose("KHR")
    till.press("1", "5", "0", "5", "1")
    expect(till.page.locator("#amount-grouped")).to_have_text("៛15,051 → ៛15,100")
    till.press("Charge")
    expect(till.status).to_have_text("Waiting for ៛15,100")


SCAN = """text => {
  for (const key of [...text, 'Enter']) {
    const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    const isTaken = !document.activeElement.dispatchEvent(press);
    const isBox = document.activeElement.matches('input');
    if (!isTaken && isBox && key === 'Enter') charge.requestSubmit();
    else if (!isTaken && isBox) document.execCommand('insertText', false, key);
  }
}"""
"""What a browser does with the keys of a scanner, without the pauses of a busy machine between."""


def scan(till, code):
    till.page.evaluate(SCAN, code)


def test_a_scanner_fills_the_note_and_charges_nothing(till):
    till.press("3", "5", "0")
    scan(till, "8851959132012")
    expect(till.page.locator("#note")).to_have_value("8851959132012")
    expect(till.amount).to_have_value("3.50")
    till.page.locator("#note").focus()
    scan(till, "48510014")
    expect(till.page.locator("#note")).to_have_value("8851959132012 48510014")
    expect(till.status).to_have_text("Ready")
    till.press("Charge")
    expect(till.panel).to_contain_text("Note: 8851959132012 48510014")


def test_a_scan_into_the_amount_leaves_what_was_typed(till):
    till.amount.focus()
    till.page.keyboard.type("75")
    till.page.wait_for_timeout(150)
    scan(till, "ABC8851959132012")
    expect(till.page.locator("#note")).to_have_value("ABC8851959132012")
    expect(till.amount).to_have_value("0.75")
    expect(till.status).to_have_text("Ready")


def test_thirteen_digits_from_a_slow_scanner_are_refused_as_an_amount(live, till):
    till.page.keyboard.type("8851959132012", delay=60)
    till.page.keyboard.press("Enter")
    expect(till.page.get_by_role("alert").filter(visible=True)).to_contain_text("The most that can")
    expect(till.status).to_have_text("Ready")


def test_enter_in_the_note_charges_nothing(till):
    till.press("3", "5", "0")
    till.page.locator("#note").fill("table 7")
    till.page.keyboard.press("Enter")
    expect(till.page.locator("#note")).not_to_be_focused()
    till.page.keyboard.press("Enter")
    expect(till.status).to_have_text("Waiting for $3.50")


def test_a_quick_amount_takes_two_taps_and_the_last_one_is_offered_again(quick, till):
    till.choose("KHR")
    till.page.get_by_role("link", name="៛5,000", exact=True).click()
    till.press("Charge")
    expect(till.status).to_have_text("Waiting for ៛5,000")
    till.press("Cancel")
    again = till.page.get_by_role("link", name="Again ៛5,000")
    again.click()
    expect(till.amount).to_have_value("5000")
    till.page.set_viewport_size(PHONE)
    assert till.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_a_sum_a_note_and_a_quick_amount_work_by_plain_forms(quick, live, visitors):
    till = TillPage(visitors.page(script=False), live.url)
    till.log_in(live.shop.cashier)
    till.open_shift()
    expect(till.page.get_by_role("button", name="7")).to_have_count(0)
    till.page.get_by_role("link", name="$2.50").click()
    expect(till.amount).to_have_value("2.50")
    till.amount.fill("2.50 + 1.00")
    till.page.get_by_label("Note").fill("table 7")
    till.press("Charge")
    expect(till.panel).to_contain_text(re.compile(r"\$\s?3\.50"))
    expect(till.panel).to_contain_text("Note: table 7")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_a_discount_is_keyed_in_beside_charge_and_seen_by_the_customer(
    quick, live, till, display, size
):
    with live.app.app_context():
        discounts.set_limit(db.session.get_one(User, live.shop.manager.id), 10)
    till.page.goto(f"{live.url}/till")
    till.page.set_viewport_size({"width": size[0], "height": size[1]})
    assert_within_reach(till, size[1])
    till.press("1", "0", "00")
    till.page.keyboard.press("%")
    till.page.get_by_role("radio", name="10 %").check()
    till.page.get_by_role("radio", name="A regular customer").check()
    till.press("Take it off")
    expect(till.page.locator("#given-discount")).to_contain_text("To pay $9.00")
    assert_within_reach(till, size[1])
    till.page.keyboard.press("Enter")
    expect(till.status).to_have_text("Waiting for $9.00")
    expect(display.page.locator(".khqr-was")).to_contain_text("$10.00")
    assert decode(display.scan()).amount == Money(900, Currency.USD)
