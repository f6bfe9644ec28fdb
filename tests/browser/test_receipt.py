import pytest
from playwright.sync_api import expect

from tests.browser.frozen import FrozenShop, codes_in, far_and_blurred, open_counter, picture_of
from tests.browser.frozen import served as serve
from tests.browser.looking import cut_off, look
from tests.web.conftest import Counter

TABLET = [(1280, 800), (800, 1280)]
SIZES = [*TABLET, (390, 844)]
HOME = "https://pay.mekong.example"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"public_url": HOME})


@pytest.fixture
def counter(app, shop, bank, clock, cashier, visitors):
    till = Counter(app, shop, bank, clock, cashier)
    screen = open_counter(app, till)
    with serve(app) as url:
        yield FrozenShop(till, screen, visitors, url)


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.fonts.ready")


def test_a_receipt_is_taken_from_the_customers_screen_to_the_phone(counter):
    counter.play("paid")
    counter.till.clock.advance(8)
    page = counter.display(*SIZES[0])
    expect(page.locator("#screen")).to_have_attribute("data-phase", "receipt")
    counter.keep(page, "display-receipt")
    (address,) = codes_in(picture_of(page))
    assert address.startswith(f"{HOME}/r/")
    for size in SIZES:
        resize(page, size)
        assert cut_off(page, "#screen") == [], size
        picture = picture_of(page)
        assert codes_in(picture) == [address], size
        if size in TABLET:
            assert codes_in(far_and_blurred(picture)) == [address], size
        assert_unlike_a_khqr(page)
    read_on_the_phone(counter, address.removeprefix(HOME))


def assert_unlike_a_khqr(page):
    """It is much smaller than a QR to pay, and named; nothing on it is the card's."""
    (code,), words, card = look(page, ".offer-code svg", ".offer-name .words > *", ".khqr").values()
    assert (code.width <= 420, len(words), card) == (True, 2, [])
    assert min(one.contrast for one in words) >= 4.5


def read_on_the_phone(counter, path):
    phone = counter.visitors.page({"width": 390, "height": 844})
    for wanted, heading in (("km", "បង្កាន់ដៃលេខ 1"), ("en", "Receipt 1")):
        phone.set_extra_http_headers({"Accept-Language": wanted})
        phone.goto(counter.url + path)
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)
        counter.keep(phone, f"receipt-{wanted}")
        assert cut_off(phone, "main", upright=False) == []
        (amount, *_), facts = look(phone, ".ereceipt-amount strong", ".ereceipt-fact *").values()
        assert (amount.text, min(one.contrast for one in facts) >= 4.5) == ("$3.50", True)
    phone.get_by_role("link", name="ខ្មែរ").click()
    expect(phone.locator("html")).to_have_attribute("lang", "km")
    assert phone.context.cookies() == []


def test_a_stray_tap_takes_no_fresh_result_away(counter):
    counter.play("paid")
    page = counter.till_page(*SIZES[0])
    page.clock.install()
    page.reload()
    charge = page.locator("#charge-button")
    expect(charge).to_have_attribute("aria-disabled", "true")
    for key in "350":
        page.get_by_role("button", name=key, exact=True).click()
    charge.click(force=True)
    page.keyboard.press("Enter")
    page.locator("#receipt").click(force=True)
    expect(page.locator("#payment")).to_have_attribute("data-phase", "paid")
    expect(page.locator("#amount")).to_have_value("3.50")
    page.clock.fast_forward(5_000)
    expect(charge).not_to_have_attribute("aria-disabled", "true")
    charge.click()
    expect(page.get_by_role("alert")).to_contain_text("again")
