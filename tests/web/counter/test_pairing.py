import pytest

from tests.web.conftest import Screen
from tests.web.pages import press, read

SIX_DIGITS = "The code has six digits. It is on the customer's screen."
NOBODY = "No screen shows this code. Codes change every five minutes."


def unused(screen):
    """Six digits that this screen does not show."""
    return f"{(int(screen.code) + 1) % 1_000_000:06d}"


def test_the_page_says_where_a_screen_opens_and_that_there_is_none_yet(till):
    page = read(till.browser.get("/pairing"))
    assert page.one(class_="pairing-address").text == "http://localhost/display"
    assert "No customer screen is paired with this till yet." in page.text


@pytest.mark.parametrize("written", ["{}{}", " {} {} ", "{}-{}"])
def test_the_code_is_taken_however_it_is_written(till, screen, written):
    code = screen.code
    answer = press(till.browser, "/pairing", "Pair", code=written.format(code[:3], code[3:]))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pairing")
    assert screen.phase == "idle"


def test_a_paired_screen_is_listed_with_its_sign_of_life(till, display):
    page = read(till.browser.get("/pairing"))
    assert page.one(class_="flash-text").text == "The customer screen now follows this till."
    row = page.one("li", class_="pairing-row").text
    assert row.startswith("Customer screen Paired Sun 22 Nov 2026, 09:00.")
    assert read(till.browser.get("/pairing")).one(class_="badge").text == "On"
    till.clock.advance(46)
    assert read(till.browser.get("/pairing")).one(class_="badge").text == "Off"


def test_a_code_that_is_no_code_is_refused(till, screen, books):
    code, before = screen.code, books()
    for typed in ("", "12345", "1234567", "abcdef", "១២៣៤៥៦", "１２３４５６", f"{code}1", "1.5e10"):
        answer = press(till.browser, "/pairing", "Pair", code=typed)
        assert (answer.status_code, read(answer).alert) == (422, SIX_DIGITS), typed
    assert books() == before


def test_a_code_that_no_screen_shows_is_refused(till, screen, books):
    typed, before = unused(screen), books()
    answer = press(till.browser, "/pairing", "Pair", code=typed)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)
    assert books() == before


def test_a_code_pairs_once(till, screen):
    code = screen.code
    assert press(till.browser, "/pairing", "Pair", code=code).status_code == 303
    answer = press(till.browser, "/pairing", "Pair", code=code)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)


def test_a_code_is_worth_nothing_after_five_minutes(till, screen):
    code = screen.code
    till.clock.advance(minutes=5)
    answer = press(till.browser, "/pairing", "Pair", code=code)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)
    assert screen.phase == "pairing"


def test_a_screen_follows_the_till_of_who_typed_its_code(world, app):
    screen = Screen(app.test_client())
    press(world.browsers["stranger"], "/pairing", "Pair", code=screen.code)
    assert screen.show().one(class_="idle-shop").text == "Old Market"
    assert screen.show().one(class_="idle-till").text == "Till A"


def test_the_till_shows_its_own_qr_until_a_screen_is_paired(waiting, screen):
    assert "open" in waiting.panel().one(id="payment-qr").attrs
    seen = waiting.panel().attrs["hx-get"]
    press(waiting.browser, "/pairing", "Pair", code=screen.code)
    drawn = read(waiting.browser.get(seen)).one(id="payment")
    assert "open" not in drawn.one(id="payment-qr").attrs


def test_a_screen_is_taken_back_from_the_list(till, display):
    answer = press(till.browser, "/pairing", "/revoke")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pairing")
    page = read(till.browser.get("/pairing"))
    assert page.one(class_="flash-text").text == "The screen no longer follows this till."
    assert list(page.all("li", class_="pairing-row")) == []


def test_without_a_shift_there_is_no_till_to_pair_with(manager, screen):
    code = screen.code
    answer = manager.get("/pairing")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shifts/open")
    page = read(manager.get("/shifts/open"))
    assert page.one(class_="flash-text").text.startswith("Open a shift first")
    press(manager, "/shifts/open", "Open shift")
    assert press(manager, "/pairing", "Pair", code=code).status_code == 303
