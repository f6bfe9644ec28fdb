import pytest

from pos.extensions import db
from tests.web.bookkeeping.test_report import close
from tests.web.pages import read
from tests.web.stories import STORIES


def sheet(browser, address="/days"):
    return read(browser.get(address)).one("article")


def test_a_manager_reaches_the_end_of_the_day_from_the_office(till, manager):
    STORIES["paid"](till)
    close(till)
    (link,) = (a for a in read(manager.get("/office")).all("a") if a.text == "End of day")
    page = sheet(manager, link.attrs["href"])
    assert page.one("h1").text == "END OF DAY"
    assert "Business day Sun 22 Nov 2026 Z reports 1" in page.text
    assert "KHQR $3.50 Cash $0.00 Given back none What is left $3.50" in page.text


def test_a_till_that_is_still_open_is_named_by_its_cashier(till, manager):
    page = sheet(manager).text
    assert "Not complete: a till is still open" in page
    assert "Still open In no sum below. Till 1 Dara, since 09:00:00" in page
    assert "No shift of this day is closed." in page


def test_past_days_are_reached_by_date_and_one_by_one(till, manager):
    STORIES["paid"](till)
    close(till)
    till.clock.advance(hours=24)
    page = read(press_in(till, manager))
    links = {a.text: a.attrs["href"] for a in page.all("a") if a.text.startswith("Day ")}
    assert set(links) == {"Day before"}
    before = read(manager.get(links["Day before"]))
    assert "What is left $3.50" in before.one("article").text
    after = [a.attrs["href"] for a in before.all("a") if a.text == "Day after"]
    assert after == ["/days?day=2026-11-23&paper=a4"]
    assert "What is left $3.50" in sheet(manager, "/days?day=2026-11-22").text


def press_in(till, manager):
    """A day later the manager logs in again."""
    form = read(manager.get("/login")).form("Log in")
    typed = {**form.fields, "username": "maly", "password": till.shop.manager.password}
    manager.post("/login", data=typed)
    return manager.get("/days")


def test_the_roll_has_the_same_sheet(till, manager):
    page = read(manager.get("/days?paper=80mm"))
    assert page.one("article").attrs["data-paper"] == "80mm"
    assert "A4 paper" in page.text


@pytest.mark.parametrize(
    "typed", ["yesterday", "2026-11-23", "1999-12-31", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_day_of_the_shop_is_refused_with_the_reason(manager, typed):
    page = manager.get("/days", query_string={"day": typed})
    assert page.status_code == 422
    assert "Choose a day, such as 2026-11-22, that is not to come." in read(page).alert


def test_a_cashier_does_not_see_the_end_of_the_day(till):
    assert till.browser.get("/days").status_code == 403
    assert "End of day" not in till.browser.get("/shifts").text


def test_looking_at_a_day_changes_nothing(till, manager, books):
    before = books()
    sheet(manager)
    assert books() == before
    assert db.metadata.tables
