import pytest

from pos.cash import Cash
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests.factories import new_key, set_rate, usd
from tests.web.pages import press, read
from tests.web.stories import STORIES

CASH = ("$12.30", "$20.00", "$57.00", "Expected")


@pytest.fixture
def sold(app, shop, till, manager):
    """One sale by KHQR and one in cash."""
    STORIES["paid"](till)
    with app.app_context():
        set_rate(shop)
        offer = Offer(given=Cash(2_000))
        tenders.take_for_new_sale(1, usd("12.30"), offer, new_key(), who="dara")
    return till


def x_of(browser, paper=""):
    return read(browser.get(f"/shifts/1/x{paper}"))


def test_a_cashier_sees_what_their_shift_took_by_khqr(sold):
    sheet = x_of(sold.browser).one("article")
    assert sheet.one("h1").text == "X - not a closing"
    assert "The shift is still open: these figures are not final" in sheet.text
    assert "KHQR Bakong USD 1 $3.50" in sheet.text


def test_a_cashier_does_not_learn_from_it_what_the_drawer_should_hold(sold):
    pages = [x_of(sold.browser).text, x_of(sold.browser, "?paper=80mm").text]
    pages.append(read(sold.browser.get("/shifts")).one("tbody").text)
    for page in pages:
        assert [told for told in CASH if told in page] == []
    assert "Cash is told when the drawer has been counted." in pages[0]


def test_the_manager_sees_the_cash_too(sold, manager):
    sheet = x_of(manager).one("article").text
    assert "Cash USD 1 $12.30" in sheet and "Expected $13.00" in sheet
    assert "$12.30 cash" in read(manager.get("/shifts")).one("tbody").text


def test_a_manager_at_the_till_is_as_blind_as_any_cashier(till, manager, shop, app):
    press(manager, "/shifts/open", "Open shift", till_id="2", float_usd="50")
    assert "Expected" not in read(manager.get("/shifts/2/x")).text
    assert "Expected" not in x_of(till.browser).text


def test_a_shop_that_counts_with_open_eyes_hides_nothing(sold, app, settings):
    app.extensions["pos_settings"] = settings.model_copy(update={"blind_count": False})
    assert "Expected $13.00" in x_of(sold.browser).one("article").text


def test_after_the_close_it_leads_to_the_report(till):
    press(till.browser, "/shifts/1/close", "Close shift")
    assert till.browser.get("/shifts/1/x").headers["Location"] == "/shifts/1/report"


def test_a_look_is_never_stored_and_never_numbered(sold, manager, books):
    before = books()
    for browser in (sold.browser, manager):
        x_of(browser)
        x_of(browser, "?paper=80mm")
    assert books() == before


def test_the_list_and_the_close_lead_to_it(till):
    for page in ("/shifts", "/shifts/1/close"):
        links = {a.attrs["href"] for a in read(till.browser.get(page)).all("a")}
        assert "/shifts/1/x" in links, page
