import pytest
from playwright.sync_api import expect

from pos.services.paperwork import receipts
from tests import factories, said
from tests.browser.screens import TillPage

MM = 96 / 25.4
KHMER = "ហាងកាហ្វេទន្លេមេគង្គ"
COUNT_PRINTS = "window.print = () => { window.printed = (window.printed || 0) + 1; };"


@pytest.fixture
def receipt(live, visitors):
    """The page of a receipt, in a browser that counts what it prints."""
    with live.app.app_context():
        payment = factories.charge(factories.open_shift(live.shop))
        said.tell(payment, said.paid(payment))
        sale_id = receipts.issue(payment.sale_id).sale_id
    page = visitors.page()
    page.add_init_script(COUNT_PRINTS)
    TillPage(page, live.url).log_in(live.shop.cashier)
    page.goto(f"{live.url}/receipts/{sale_id}")
    return page


def printed(page):
    """How often the sheet that a button led to has printed itself."""
    page.wait_for_url("**/paper/print/*")
    return page.evaluate("document.fonts.ready.then(() => window.printed)")


def test_a_counted_sheet_prints_itself_once_and_goes_back(receipt):
    address = receipt.url
    receipt.get_by_role("button", name="Print 80 mm").click()
    assert printed(receipt) == 1
    receipt.evaluate("window.dispatchEvent(new Event('afterprint'))")
    receipt.wait_for_url(address)
    expect(receipt.get_by_text("the next one says COPY 1")).to_be_visible()


@pytest.mark.parametrize(("button", "width"), [("Print 80 mm", 72), ("Print A4", 182)])
def test_a_sheet_keeps_within_what_its_paper_can_print(receipt, button, width):
    receipt.set_viewport_size({"width": round(width * MM), "height": 1000})
    receipt.get_by_role("button", name=button).click()
    assert printed(receipt) == 1
    receipt.emulate_media(media="print")
    box = receipt.locator("article").bounding_box()
    assert box["width"] <= width * MM + 1
    assert receipt.evaluate("document.documentElement.scrollWidth") <= round(width * MM) + 1
    expect(receipt.locator(".header")).to_be_hidden()


def test_the_page_printed_by_the_browsers_menu_says_it_is_not_counted(receipt):
    note = receipt.get_by_text("not a print that the shop has counted")
    expect(note).to_be_hidden()
    receipt.emulate_media(media="print")
    expect(note).to_be_visible()


def test_khmer_on_paper_is_set_in_the_embedded_font(receipt):
    receipt.evaluate(f"document.querySelector('.report-shop').textContent = '{KHMER}'")
    receipt.evaluate("document.fonts.ready.then(() => true)")
    assert receipt.evaluate(f"document.fonts.check('12px \"Kantumruy Pro\"', '{KHMER}')")
    family = "getComputedStyle(document.querySelector('.report-shop')).fontFamily"
    assert "Kantumruy Pro" in receipt.evaluate(family)
