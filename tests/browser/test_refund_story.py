"""Money goes back at a till that is paid by ABA PayWay: a part, the rest, and no more."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import LiveShop
from tests.browser.test_payway_story import live
from tests.factories import PIN
from tests.refunding import give_keys

__all__ = ["live"]


@pytest.fixture
def refundable(live: LiveShop) -> LiveShop:
    """A shop that may encrypt refunds, with a manager who has a PIN."""
    give_keys(live.app)
    with live.app.app_context():
        factories.give_pin(live.shop.manager)
    return live


def give_back(page, amount):
    page.get_by_role("textbox", name="Amount").fill(amount)
    page.get_by_text("The customer brought the goods back").click()
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Give it back").click()


def back_to_the_till(page):
    page.get_by_role("link", name="Till", exact=True).click()


def went_back(page):
    expect(page.locator("main")).to_contain_text("It went back to the payer.")


def bills(live):
    return live.bank.http.get("/sandbox/payway/bills").json()


@pytest.fixture
def paid(refundable, till, phone):
    """A till with ten dollars that were paid by PayWay, on the form that gives them back."""
    till.charge("1", "000")
    till.sees("waiting")
    phone.pay(bills(refundable)[0]["qr"])
    till.sees("paid")
    till.page.get_by_role("link", name="Refund", exact=True).click()
    return till


def test_a_part_the_rest_and_then_no_more(refundable, paid):
    page = paid.page
    give_back(page, "4.00")
    went_back(page)
    back_to_the_till(page)
    expect(paid.panel).to_contain_text("$4.00 given back, $6.00 left.")
    page.get_by_role("link", name="Refund", exact=True).click()
    give_back(page, "6.01")
    expect(page.get_by_role("alert")).to_contain_text("$6.00")
    give_back(page, "6.00")
    went_back(page)
    page.get_by_role("link", name=re.compile(r"^\d{6}")).click()
    expect(page.locator("main")).to_contain_text("All of this money has gone back.")
    expect(page.get_by_role("button", name="Give it back")).to_have_count(0)
    stands_on_all_papers(paid)
    assert [bill["refund_amount"] for bill in bills(refundable)] == [10]


def stands_on_all_papers(till):
    """Look for the refunds on the receipt, where the shift is closed, and on the Z report."""
    page = till.page
    page.get_by_role("banner").get_by_role("link", name="Receipts", exact=True).click()
    till.press("Make receipt")
    expect(page.locator("article")).to_contain_text("Left of what was paid")
    back_to_the_till(page)
    page.get_by_role("link", name="Close shift").click()
    expect(page.locator("#given-back")).to_contain_text("$10.00")
    page.get_by_role("link", name="Back to the till").click()
    till.close_shift()
    expect(page.locator("main")).to_contain_text("Given back")
    expect(page.locator("main")).to_contain_text("$10.00")
