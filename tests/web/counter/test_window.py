import pytest

from tests.web.conftest import Screen
from tests.web.pages import press, read, scan


def open_window(till):
    return press(till.browser, "/pairing", "Open a window for the customer")


def rows(till):
    page = read(till.browser.get("/pairing"))
    return [row.one(class_="pairing-name").text for row in page.all("li", class_="pairing-row")]


def test_one_button_opens_the_customers_screen_in_the_same_browser(till):
    answer = open_window(till)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/display")
    till.charge()
    assert scan(Screen(till.browser).show()) == till.payment().qr_string
    assert rows(till) == ["Second window"]


def test_pressed_again_it_shows_the_same_window(till, books):
    open_window(till)
    before = books()["display"]
    open_window(till)
    assert books()["display"] == before


def test_a_screen_that_was_taken_back_becomes_a_window_of_this_till(till):
    till.browser.set_cookie("pos_display", "a-token-nobody-holds", path="/display")
    open_window(till)
    assert Screen(till.browser).phase == "idle"


def test_a_window_that_was_closed_is_forgotten_and_a_paired_screen_is_not(till, display):
    open_window(till)
    till.clock.advance(hours=1)
    till.browser.delete_cookie("pos_display", path="/display")
    open_window(till)
    assert rows(till) == ["Customer screen", "Second window"]


def test_without_a_shift_there_is_no_till_to_follow(manager, shop, books):
    token = read(manager.get("/password")).form("Change password").fields["csrf_token"]
    answer = manager.post("/display/window", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pairing")
    assert books()["display"] == []


@pytest.mark.parametrize("name", ["Front left", "ឆ្វេង\u200bមុខ", "<b>1</b>"])
def test_a_screen_is_given_a_name_of_its_own(till, display, name):
    assert press(till.browser, "/pairing", "/rename", name=f"  {name} ").status_code == 303
    assert rows(till) == [name]


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\0b"])
def test_what_is_no_name_is_refused(till, display, name):
    answer = press(till.browser, "/pairing", "/rename", name=name)
    assert answer.status_code == 422
    assert read(answer).alert == "A name has 1 to 40 characters."
    assert rows(till) == ["Customer screen"]
