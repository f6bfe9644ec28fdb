import pytest
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount
from tests.web.pages import read

PAGES = {
    "the login": ("nobody", "/login"),
    "an error before the login": ("nobody", "/nothing"),
    "the till": ("cashier", "/till"),
    "the screens": ("cashier", "/pairing"),
    "the shifts": ("cashier", "/shifts"),
    "one's password": ("cashier", "/password"),
    "an error": ("cashier", "/nothing"),
    "the opening of a shift": ("manager", "/shifts/open"),
    "a screen to be paired": ("nobody", "/display"),
    "the customer's screen": ("display", "/display"),
}


def strips(till, display, manager, client):
    """The words of the practice strip on each page, "" where there is none."""
    browsers = {"nobody": client, "cashier": till.browser, "manager": manager}
    browsers["display"] = display.browser
    pages = {name: read(browsers[who].get(page)) for name, (who, page) in PAGES.items()}
    close = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    pages["the close"] = read(till.browser.get(close))
    return {
        name: " ".join(strip.text for strip in page.all("p", class_="practice"))
        for name, page in pages.items()
    }


def make_real(app):
    """Move the shop to an account where money is money."""
    with app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(is_practice=False))


def test_with_the_practice_bank_every_page_says_so(till, display, manager, client):
    for name, words in strips(till, display, manager, client).items():
        assert "Practice, no real money" in words, name


def test_on_the_customers_screen_it_is_said_in_khmer_too(display):
    page = read(display.browser.get("/display"))
    assert page.one("html").attrs["lang"] == "km"
    strip = page.one("p", class_="practice")
    assert strip.text.startswith("សាកល្បង")
    assert strip.one("span", lang="en").text == "Practice, no real money"


def test_with_a_real_account_no_page_says_practice(till, display, manager, client, app):
    make_real(app)
    assert set(strips(till, display, manager, client).values()) == {""}
    till.charge()
    for browser in (till.browser, display.browser):
        for page in ("/till", "/display"):
            assert "practice" not in browser.get(page).text.lower()


@pytest.mark.parametrize("is_practice", [True, False])
def test_the_way_to_the_practice_phone_is_there_for_practice_alone(till, app, is_practice):
    if not is_practice:
        make_real(app)
    till.charge()
    links = [a.attrs["href"] for a in till.panel().all("a") if "/phone?qr=" in a.attrs["href"]]
    assert [link.startswith(till.bank.url) for link in links] == [True] * is_practice
