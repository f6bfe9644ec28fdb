import pytest

from tests.web.conftest import Screen
from tests.web.pages import pair, press, read

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
    answer = pair(till.browser, written.format(code[:3], code[3:]))
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
        answer = press(till.browser, "/pairing", "Next", code=typed)
        assert (answer.status_code, read(answer).alert) == (422, SIX_DIGITS), typed
    assert books() == before


def test_a_code_that_no_screen_shows_is_refused(till, screen, books):
    typed, before = unused(screen), books()["display"]
    answer = press(till.browser, "/pairing", "Next", code=typed)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)
    assert books()["display"] == before


def test_a_code_pairs_once(till, screen):
    code = screen.code
    assert pair(till.browser, code).status_code == 303
    answer = press(till.browser, "/pairing", "Next", code=code)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)


def test_a_code_is_worth_nothing_after_five_minutes(till, screen):
    code = screen.code
    till.clock.advance(minutes=5)
    answer = press(till.browser, "/pairing", "Next", code=code)
    assert (answer.status_code, read(answer).alert) == (422, NOBODY)
    assert screen.phase == "pairing"


def test_a_screen_follows_the_till_of_who_typed_its_code(world, app):
    screen = Screen(app.test_client())
    pair(world.browsers["stranger"], screen.code)
    assert screen.show().one(class_="idle-shop").text == "Old Market"
    assert screen.show().one(class_="idle-till").text == "Till A"


def test_the_till_shows_its_own_qr_until_a_screen_is_paired(waiting, screen):
    assert "open" in waiting.panel().one(id="payment-qr").attrs
    seen = waiting.panel().attrs["hx-get"]
    pair(waiting.browser, screen.code)
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
    assert pair(manager, code).status_code == 303


WAITS_NO_LONGER = "This screen waits no longer. Type the code that it shows now."


def ask(till, screen):
    """Type the code of a screen; return where the till then asks about it."""
    return press(till.browser, "/pairing", "Next", code=screen.code).headers["Location"]


def test_a_code_alone_pairs_nothing_and_both_sides_then_show_it(till, screen):
    code = screen.code
    page = read(till.browser.get(ask(till, screen)))
    assert page.one(id="pairing-shown").text == f"{code[:3]} {code[3:]}"
    assert (screen.phase, screen.code) == ("confirming", code)
    assert "Is this code on the till? Then press Pair there." in screen.show().text


def test_the_till_says_which_browser_asks_and_since_when(till, app, shop):
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/142.0.0.0 Mobile Safari/537.36"
    )
    screen = Screen(phone)
    screen.show()
    for minutes, told in enumerate(["less than a minute ago", "a minute ago", "2 minutes ago"]):
        page = read(till.browser.get(ask(till, screen)))
        assert f"Chrome, Android · opened {told}" in page.text, minutes
        till.clock.advance(60)


def test_a_screen_that_is_turned_down_shows_another_code(till, screen):
    code, asked = screen.code, ask(till, screen)
    assert press(till.browser, asked, "No, another one").headers["Location"] == "/pairing"
    assert (screen.phase, screen.code == code) == ("pairing", False)
    assert till.browser.get(asked).status_code == 404


def test_a_yes_that_comes_after_the_codes_end_pairs_nothing(till, screen):
    asked = ask(till, screen)
    page = read(till.browser.get(asked))
    till.clock.advance(minutes=5)
    form = page.form("Pair")
    answer = till.browser.post(asked, data={**form.fields, "answer": "pair"})
    assert (answer.status_code, WAITS_NO_LONGER in read(answer).text) == (404, True)
    assert screen.phase == "pairing"


def test_the_till_that_typed_the_code_last_is_the_one_that_is_asked(world, app):
    screen = Screen(app.test_client())
    first, second = world.browsers["cashier"], world.browsers["stranger"]
    asked = press(first, "/pairing", "Next", code=screen.code).headers["Location"]
    page = read(first.get(asked))
    press(second, "/pairing", "Next", code=screen.code)
    answer = first.post(asked, data={**page.form("Pair").fields, "answer": "pair"})
    assert (answer.status_code, screen.phase) == (404, "confirming")


def test_whoever_types_wrong_codes_waits_and_the_right_one_waits_too(till, screen, app):
    for _ in range(5):
        answer = press(till.browser, "/pairing", "Next", code=unused(screen))
        assert (answer.status_code, read(answer).alert) == (422, NOBODY)
    answer = press(till.browser, "/pairing", "Next", code=screen.code)
    assert "Too many wrong codes at this till." in read(answer).alert
    assert screen.phase == "pairing"
    till.clock.advance(minutes=5)
    assert pair(till.browser, screen.code).status_code == 303


def test_a_right_code_forgives_the_wrong_ones_before(till, screen, app):
    for _ in range(2):
        for _ in range(4):
            press(till.browser, "/pairing", "Next", code=unused(screen))
        press(till.browser, ask(till, screen), "No, another one")
    assert pair(till.browser, screen.code).status_code == 303
