import pytest
from playwright.sync_api import expect

from tests.factories import set_rate


@pytest.fixture(autouse=True)
def rate(live):
    with live.app.app_context():
        set_rate(live.shop)


def given(till, keys):
    till.page.keyboard.type(keys)
    till.page.keyboard.press("/")
    expect(till.page.locator("#take")).to_be_visible()
    # A key that comes before the page's script, or before a field has the focus, is lost.
    till.page.wait_for_load_state()
    expect(till.page.locator("[autofocus]")).to_be_focused()


def test_cash_by_keyboard_alone_tells_the_change_before_and_after(till):
    given(till, "350")
    till.page.keyboard.type("5")
    expect(till.page.locator(".change-sum")).to_have_text("$1 and ៛2,000")
    till.page.keyboard.press("Enter")
    till.sees("cash")
    expect(till.panel).to_contain_text("Change $1 and ៛2,000")


def test_escape_undoes_cash_and_keeps_the_amount(till):
    given(till, "350")
    till.page.keyboard.press("Escape")
    expect(till.amount).to_have_value("3.50")
    till.sees("idle")


def test_a_tap_on_a_note_fills_it_in_and_enter_takes_it(till):
    given(till, "350")
    till.press("$10")
    expect(till.page.locator(".change-sum")).to_have_text("$6 and ៛2,000")
    till.page.keyboard.press("Enter")
    till.sees("cash")


def test_enter_never_takes_less_than_is_due(till):
    given(till, "350")
    till.page.keyboard.type("3")
    expect(till.page.locator(".change-sum")).to_have_text("$0.50")
    till.page.keyboard.press("Enter")
    expect(till.page.get_by_role("alert")).to_contain_text("$0.50 is missing.")


def test_the_count_adds_up_as_it_is_typed_and_enter_goes_to_the_next_note(till):
    till.page.get_by_role("link", name="Close shift").click()
    till.press("Stop selling and count")
    till.page.locator('[name="USD-100"]').fill("2")
    till.page.locator('[name="USD-100"]').press("Enter")
    till.page.keyboard.type("3")
    expect(till.page.locator(".count-total").first).to_have_text("Total $350")


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_cash_page_is_wider_than_its_screen(till, width):
    till.page.set_viewport_size({"width": width, "height": 844})
    for path in ("/till", "/till/cash/take?amount=12345.67&currency=USD", "/till/drawer",
                 "/till/drawer/paid-out", "/shifts/open"):  # fmt: skip
        till.page.goto(till.url + path)
        assert till.page.evaluate("document.documentElement.scrollWidth") <= width, path
