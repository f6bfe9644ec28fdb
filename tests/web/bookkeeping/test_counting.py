import pytest

from tests.factories import PIN, create_user, give_pin, log_in
from tests.web.pages import press, read

RIGHT = {"USD-50": "1", "KHR-50000": "4"}
SHORT = {"USD-20": "2", "KHR-50000": "4"}


@pytest.fixture
def drawer(app, shop, cashier, clock):
    """A shift with $50 and 200,000 riel in its drawer, and a manager with a PIN."""
    press(cashier, "/shifts/open", "Open shift", float_usd="50", float_khr="200000")
    with app.app_context():
        give_pin(shop.manager)
    return cashier


@pytest.fixture
def count(drawer):
    """The page on which the drawer is counted."""
    return press(drawer, "/shifts/1/close", "Stop selling and count").headers["Location"]


def send(browser, page, notes, button="Send the count"):
    return press(browser, page, button, **notes)


def test_a_right_count_closes_the_shift_and_leads_to_its_report(drawer, count):
    answer = send(drawer, count, RIGHT)
    assert answer.headers["Location"] == "/shifts/1/report"
    report = read(drawer.get("/shifts/1/report")).text
    assert "Over, or short (-) $0.00 ៛0" in report and "USD: 1 × 50." in report


def test_the_cashier_is_not_told_what_should_be_there(drawer, count):
    pages = [drawer.get("/shifts/1/close").text, drawer.get(count).text]
    send(drawer, count, SHORT)
    pages.append(drawer.get(count).text)
    for page in pages:
        assert not any(told in page for told in ("$50.00", "200,000", "-$10", "$10.00"))


def test_a_count_that_is_off_twice_takes_a_reason_and_a_pin(drawer, count, books):
    assert send(drawer, count, SHORT).headers["Location"] == count
    assert "Both counts are kept." in drawer.get(count).text
    send(drawer, count, SHORT, "Send the second count")
    assert "Over, or short (-) -$10.00 ៛0" in read(drawer.get(count)).text
    agreed = {"reason": "wrong_change", "manager_id": "2"}
    wrong = press(drawer, count, "Close shift", **agreed, pin="999999")
    assert (wrong.status_code, books()["z_report"]) == (422, [])
    assert press(drawer, count, "Close shift", **agreed, pin=PIN).status_code == 303
    report = read(drawer.get("/shifts/1/report")).text
    assert "Wrong change was given" in report and "Agreed by Maly" in report


BAD = ["-1", "1.5", "abc", "1e2", "១", "9" * 15]


@pytest.mark.parametrize("typed", BAD)
def test_a_count_that_is_no_number_is_refused_with_what_was_typed(drawer, count, books, typed):
    before = books()
    answer = send(drawer, count, {**RIGHT, "USD-1": typed})
    assert (answer.status_code, "whole numbers" in read(answer).alert) == (422, True)
    assert read(answer).form("Send the count").fields["USD-1"] == typed
    assert books() == before


def test_a_count_sent_twice_is_one_count(drawer, count, books):
    form = read(drawer.get(count)).form("Send the count").fields
    for _ in range(2):
        assert drawer.post(count, data={**form, **SHORT}).status_code == 303
    assert len(books()["cash_count"]) == 1


def test_while_it_is_counted_every_till_page_leads_to_the_count(drawer, count):
    for page in ("/till", "/till/drawer", "/till/cash/take", "/till/claim"):
        away = drawer.get(page).headers["Location"]
        assert away == "/shifts/open"
    assert drawer.get("/shifts/open").headers["Location"] == count


def test_a_poll_of_a_till_that_is_counted_leads_away(drawer, manager):
    address = read(drawer.get("/till")).one(id="payment").attrs["hx-get"]
    press(manager, "/shifts/1/close", "Stop selling and count")
    answer = drawer.get(address, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/shifts/open"


def test_selling_goes_on_until_something_was_counted(drawer, count):
    assert press(drawer, count, "Go on selling").headers["Location"] == "/till"
    assert drawer.get("/till").status_code == 200


def test_another_cashier_neither_sees_nor_counts_the_drawer(drawer, count, app, shop, books):
    before = books()["cash_count"]
    with app.app_context():
        colleague = create_user(shop.store_id, "sokha")
    browser = log_in(app.test_client(), colleague)
    token = read(browser.get("/password")).form("Change password").fields["csrf_token"]
    for page in (count, "/shifts/1/agree", "/shifts/1/resume"):
        assert browser.post(page, data={"csrf_token": token}).status_code == 404
    assert books()["cash_count"] == before


def test_a_count_of_a_shift_that_somebody_closed_leads_to_its_report(drawer, count, manager):
    form = read(drawer.get(count)).form("Send the count").fields
    send(manager, count, RIGHT)
    away = drawer.post(count, data={**form, **RIGHT}).headers["Location"]
    assert drawer.get(away).headers["Location"] == "/shifts/1/report"


def test_the_next_float_is_suggested_from_the_last_count(drawer, count):
    send(drawer, count, RIGHT)
    form = read(drawer.get("/shifts/open")).form("Open shift").fields
    assert (form["float_usd"], form["float_khr"]) == ("50.00", "200000")
    assert "last count $50.00 and ៛200,000" in read(drawer.get("/shifts/open")).text
