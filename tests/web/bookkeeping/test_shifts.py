import pytest

from pos.services.bookkeeping import auto_close
from tests.factories import create_user, log_in
from tests.web.pages import press, read
from tests.web.stories import STORIES

PLAIN = "The amount must be a plain number, such as 3.50."


def open_at(browser, till=1, dollars="", riel=""):
    typed = {"till_id": str(till), "float_usd": dollars, "float_khr": riel}
    return press(browser, "/shifts/open", "Open shift", **typed)


def close_page(till):
    return read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]


FLOATS = [
    ("", "", 0, 0),
    (" ", "0", 0, 0),
    ("50.25", "200000", 5_025, 200_000),
    ("100000", "400000000", 10_000_000, 400_000_000),
]


@pytest.mark.parametrize(("dollars", "riel", "cents", "whole_riel"), FLOATS)
def test_a_shift_opens_with_the_cash_in_its_drawer(
    cashier, books, dollars, riel, cents, whole_riel
):
    answer = open_at(cashier, dollars=dollars, riel=riel)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    (shift,) = books()["shift"]
    assert (shift.float_usd_minor, shift.float_khr_minor) == (cents, whole_riel)
    assert (shift.status, shift.till_id) == ("open", 1)


BAD_FLOATS = {
    ("-1", ""): PLAIN,
    ("abc", ""): PLAIN,
    ("1e3", ""): PLAIN,
    ("NaN", ""): PLAIN,
    ("", "២០០"): PLAIN,
    ("", "-5"): PLAIN,
    ("1,000", ""): PLAIN,
    ("3.555", ""): "A dollar amount has at most two decimals.",
    ("", "100.5"): "Riel have no decimals.",
}


def test_a_float_that_is_no_amount_is_refused_with_what_was_typed(cashier, books):
    before = books()
    for (dollars, riel), reason in BAD_FLOATS.items():
        answer = open_at(cashier, 2, dollars, riel)
        form = read(answer).form("Open shift")
        assert (answer.status_code, form.alert) == (422, reason), (dollars, riel)
        fields = form.fields["till_id"], form.fields["float_usd"], form.fields["float_khr"]
        assert fields == ("2", dollars, riel)
    assert books() == before


@pytest.mark.parametrize(("dollars", "riel"), [("100000.01", ""), ("", "400000001")])
def test_a_float_over_the_limit_is_refused(cashier, books, dollars, riel):
    before = books()
    answer = open_at(cashier, 1, dollars, riel)
    assert (answer.status_code, read(answer).alert[:8]) == (422, "The most")
    assert books() == before


def test_a_shift_needs_a_till(cashier, books):
    before = books()
    answer = open_at(cashier, "")
    assert (answer.status_code, read(answer).alert) == (422, "Choose a till.")
    assert books() == before


def test_a_till_of_another_store_cannot_be_opened(world, books):
    before = books()["shift"]
    for who, till in (("manager", 3), ("their manager", 1)):
        answer = open_at(world.browsers[who], till)
        assert answer.status_code == 422, who
        assert read(answer).alert == "Choose one of the tills of this store."
    assert books()["shift"] == before


def test_a_till_that_is_taken_says_by_whom_and_cannot_be_opened(till, manager, books):
    page = read(manager.get("/shifts/open"))
    first, second = page.all("label", class_="till-option")
    assert (first.text, second.text) == ("Till 1 Taken by Dara", "Till 2 Free")
    assert "disabled" in first.one("input").attrs
    answer = open_at(manager, 1)
    assert (answer.status_code, "already has an open shift" in read(answer).alert) == (422, True)
    assert len(books()["shift"]) == 1


def test_a_cashier_opens_one_shift_at_a_time(till, books):
    answer = till.browser.get("/shifts/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    assert len(books()["shift"]) == 1


def test_a_form_opened_twice_opens_one_shift(cashier, books):
    form = read(cashier.get("/shifts/open")).form("Open shift")
    first, second = (cashier.post("/shifts/open", data=form.fields) for _ in range(2))
    assert (first.headers["Location"], second.headers["Location"]) == ("/till", "/till")
    assert len(books()["shift"]) == 1


def test_closing_shows_what_was_taken_and_leads_to_the_report(till, books):
    STORIES["paid"](till)
    page = read(till.browser.get(close_page(till)))
    assert page.one("tbody").text == "USD 1 $3.50"
    answer = press(till.browser, close_page(till), "Close shift")
    (shift,) = books()["shift"]
    assert (answer.status_code, shift.status) == (303, "closed")
    assert answer.headers["Location"] == f"/shifts/{shift.id}/report"


def test_no_shift_closes_while_a_qr_waits(waiting, books):
    page, before = close_page(waiting), books()
    assert "Still waiting for a customer Sale 1: $3.50" in read(waiting.browser.get(page)).text
    answer = press(waiting.browser, page, "Close shift")
    assert answer.status_code == 422
    assert "A QR is still waiting at this till. Cancel it first." in read(answer).alert
    assert books() == before


def test_a_qr_whose_last_word_is_out_does_not_hold_up_the_close(waiting):
    waiting.bank.misbehave(drop=True)
    waiting.press("Cancel")
    page = close_page(waiting)
    assert "will stand on the report as unverified" in read(waiting.browser.get(page)).text
    answer = press(waiting.browser, page, "Close shift")
    assert "Unverified at close" in waiting.browser.get(answer.headers["Location"]).text


def test_a_shift_closes_once(till, books):
    page = close_page(till)
    form = read(till.browser.get(page)).form("Close shift")
    first, second = (till.browser.post(page, data=form.fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert till.browser.get(page).headers["Location"] == first.headers["Location"]
    assert len(books()["z_report"]) == 1


def test_a_manager_sees_and_closes_the_shift_of_a_cashier(till, manager, books):
    page = close_page(till)
    assert "Till 1, Dara, open since 09:00" in read(manager.get(page)).text
    answer = press(manager, page, "Close shift")
    assert "Maly" in manager.get(answer.headers["Location"]).text
    assert [shift.status for shift in books()["shift"]] == ["closed"]


def test_another_cashier_neither_sees_nor_closes_it(till, app, shop, books):
    page, before = close_page(till), books()["shift"]
    with app.app_context():
        colleague = create_user(shop.store_id, "sokha")
    browser = log_in(app.test_client(), colleague)
    assert browser.get(page).status_code == 404
    token = read(browser.get("/password")).form("Change password").fields["csrf_token"]
    assert browser.post(page, data={"csrf_token": token}).status_code == 404
    assert books()["shift"] == before
    assert "No shift yet." in browser.get("/shifts").text


def test_the_list_tells_what_each_shift_took_and_leads_on(till, manager):
    STORIES["paid"](till)
    row = read(manager.get("/shifts")).one("tbody")
    assert row.text == "Sun 22 Nov 2026, 09:00 - Till 1 Dara Open $3.50 Close X"
    press(manager, next(row.all("a")).attrs["href"], "Close shift")
    row = read(manager.get("/shifts")).one("tbody")
    assert row.text == "Sun 22 Nov 2026, 09:00 09:00 Till 1 Dara Closed $3.50 Z 1"


def test_a_shift_that_nobody_closed_says_that_it_closed_by_itself(till, manager):
    till.clock.advance(hours=16)
    with till.app.app_context():
        auto_close.close_forgotten()
    browser = log_in(till.app.test_client(), till.shop.manager)
    row = read(browser.get("/shifts")).one("tbody")
    assert "Closed by itself" in row.text
    report = browser.get(row.one("a").attrs["href"]).text
    assert "Closed by the system, not by a person" in report


def test_the_list_is_empty_before_the_first_shift(cashier):
    assert "No shift yet." in cashier.get("/shifts").text
