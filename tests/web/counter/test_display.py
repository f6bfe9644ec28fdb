import pytest

from tests.web.conftest import Screen
from tests.web.pages import pair, press, read, scan
from tests.web.stories import STORIES

FOLLOWS = {
    "idle": "idle",
    "creating": "creating",
    "waiting": "waiting",
    "failed": "failed",
    "checking": "checking",
    "cancelling": "checking",
    "paid": "paid",
    "expired": "expired",
    "cancelled": "idle",
    "create_failed": "idle",
    "mismatch": "ask",
    "late": "ask",
    "marked": "idle",
    "denied": "idle",
}


def test_a_first_visit_shows_six_digits_and_remembers_the_screen(screen):
    code = screen.code
    assert (len(code), code.isdigit(), screen.phase) == (6, True, "pairing")
    assert screen.code == code


def test_the_screens_token_is_long_secret_and_sent_to_the_display_alone(client, shop):
    cookie, *rest = client.get("/display").headers["Set-Cookie"].split("; ")
    name, token = cookie.split("=")
    assert (name, len(token) >= 43) == ("pos_display", True)
    assert {"HttpOnly", "SameSite=Lax", "Path=/display", "Max-Age=31536000"} <= set(rest)
    assert "Domain" not in "".join(rest)


def test_the_books_do_not_hold_the_screens_token(client, shop, books):
    client.get("/display")
    token = client.get_cookie("pos_display", path="/display").value
    assert token not in str(books())


def test_two_screens_show_two_codes(app, shop):
    assert len({Screen(app.test_client()).code for _ in range(5)}) == 5


def test_a_code_changes_after_five_minutes_by_itself(screen, clock):
    first, address = screen.code, screen.show().attrs["hx-get"]
    assert screen.poll(address).status_code == 204
    clock.advance(minutes=5)
    drawn = read(screen.poll(address)).one(id="screen")
    assert "".join(drawn.one(id="pairing-code").text.split()) not in ("", first)


@pytest.mark.parametrize("phase", STORIES)
def test_the_screen_follows_its_till_in_each_phase(till, display, phase):
    before = display.show().attrs["hx-get"]
    STORIES[phase](till)
    fragment, page = display.poll(before), display.browser.get("/display").text
    if FOLLOWS[phase] == "idle" == phase:
        assert fragment.status_code == 204
    else:
        (root,) = (child for child in read(fragment).children if not isinstance(child, str))
        assert (root.attrs["id"], root.attrs["data-phase"]) == ("screen", FOLLOWS[phase])
        assert fragment.text.strip() in page


SECRETS = ["Dara", "dara", "csrf_token", "<form", "/till", "/shifts", "/phone", "@prac", "$3.00"]


@pytest.mark.parametrize("phase", STORIES)
def test_the_screen_shows_the_stored_qr_while_it_may_be_paid_and_no_secret(till, display, phase):
    STORIES[phase](till)
    page = display.browser.get("/display").text
    shown = [scan(read(page))] if 'class="qr"' in page else []
    assert shown == ([till.payment().qr_string] if phase in ("waiting", "failed") else [])
    tran_ids = [till.payment().tran_id] if phase != "idle" else []
    assert [secret for secret in SECRETS + tran_ids if secret in page] == []


def test_the_screen_shows_what_the_customer_is_to_pay_and_to_whom(till, display):
    till.charge("15000", "KHR")
    card = display.show().one(class_="khqr")
    assert card.one(class_="khqr-name").text == "Mekong Coffee"
    assert card.one(class_="khqr-amount").text.replace(" ", "") == "៛15,000"


def test_a_paid_screen_says_so_and_clears_by_itself(till, display):
    STORIES["paid"](till)
    assert "Paid" in display.show().text
    assert "3.50" in display.show().text
    till.clock.advance(8)
    assert (display.phase, "3.50" in display.show().text) == ("idle", False)


def test_the_qr_goes_at_its_end_even_while_nothing_works_behind_it(till, display):
    till.charge()
    seen = display.show().attrs["hx-get"]
    till.clock.advance(299.9)
    assert display.poll(seen).status_code == 204
    till.clock.advance(0.1)
    assert read(display.poll(seen)).one(id="screen").attrs["data-phase"] == "checking"


def test_with_the_bank_down_the_screen_asks_to_wait_and_keeps_the_qr(till, display):
    till.charge()
    till.bank.misbehave(drop=True)
    till.press("Check now")
    assert "Please wait a moment" in display.show().text
    assert scan(display.show()) == till.payment().qr_string


def test_an_unchanged_poll_asks_the_database_once(till, display, queries):
    till.charge()
    address = display.show().attrs["hx-get"]
    with queries() as asked:
        assert display.poll(address).status_code == 204
    assert len(asked) == 1, asked


def test_a_poll_notes_now_and_then_that_the_screen_lives(till, display, books):
    def seen_at():
        return books()["display"][0].last_seen_at

    before, address = seen_at(), display.show().attrs["hx-get"]
    till.clock.advance(19)
    assert (display.poll(address).status_code, seen_at()) == (204, before)
    till.clock.advance(1)
    assert (display.poll(address).status_code, seen_at() > before) == (204, True)


def test_looking_at_the_screen_asks_the_bank_nothing(till, display):
    till.charge()
    calls = len(till.bank.calls())
    for _ in range(5):
        till.clock.advance(60)
        display.show()
        display.poll()
    assert len(till.bank.calls()) == calls


def test_two_screens_of_a_till_show_the_same(till, display, app):
    second = Screen(app.test_client())
    pair(till.browser, second.code)
    till.charge()
    assert scan(second.show()) == scan(display.show()) == till.payment().qr_string


def test_the_screen_of_another_till_shows_nothing_of_this_one(world, app):
    other = Screen(app.test_client())
    pair(world.browsers["colleague"], other.code)
    assert (other.phase, "3.50" in other.show().text) == ("idle", False)
    assert "Till 2" in other.show().text


def test_nothing_can_be_sent_to_a_screen(till, display, books):
    before = books()
    for address in ("/display", "/display/screen"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert display.browser.open(address, method=method).status_code == 405, method
    assert books() == before


GARBAGE = [
    "",
    "x",
    "0" * 43,
    "a" * 4_000,
    "' OR 1=1 --",
    "%00",
    "\u1780".encode().decode("latin-1"),
]


def test_a_token_that_nobody_holds_is_a_new_screen(app, till, display):
    for token in GARBAGE:
        browser = app.test_client()
        browser.set_cookie("pos_display", token, path="/display")
        poll = browser.get("/display/screen", headers={"HX-Request": "true"})
        assert (poll.status_code, poll.data, poll.headers["HX-Redirect"]) == (200, b"", "/display")
        assert Screen(browser).phase == "pairing", token


def test_a_screen_taken_back_shows_a_fresh_code_and_its_old_token_is_dead(till, display, app):
    token = display.browser.get_cookie("pos_display", path="/display").value
    old, address = app.test_client(), display.show().attrs["hx-get"]
    press(till.browser, "/pairing", "/revoke")
    assert display.poll(address).headers["HX-Redirect"] == "/display"
    assert display.phase == "pairing"
    till.charge()
    old.set_cookie("pos_display", token, path="/display")
    assert Screen(old).phase == "pairing"


def test_screens_that_nobody_pairs_are_limited_and_forgotten(app, shop, clock, books):
    for _ in range(50):
        assert app.test_client().get("/display").status_code == 200
    full = app.test_client().get("/display")
    assert (full.status_code, len(books()["display"])) == (422, 50)
    assert "Too many screens are waiting" in read(full).text
    clock.advance(minutes=5, seconds=1)
    assert app.test_client().get("/display").status_code == 200
    assert len(books()["display"]) == 1


def test_a_paired_screen_is_never_forgotten(till, display, app):
    till.clock.advance(hours=10)
    app.test_client().get("/display")
    assert display.phase == "idle"
