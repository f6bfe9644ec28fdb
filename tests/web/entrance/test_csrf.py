import pytest

from tests.factories import PASSWORD, csrf_token
from tests.web.pages import press, read
from tests.web.visitors import DOORS, OF_PROGRAMS

SIGNED = ("callbacks.payway", "POST")
"""No form and no session: whoever posts there signs the body."""

UNSAFE = [door for door in DOORS if door[1] != "GET" and door != SIGNED and door not in OF_PROGRAMS]
SAFE = [door for door in DOORS if door[1] == "GET"]

FORMS = {
    "auth.login": {"username": "dara", "password": PASSWORD},
    "auth.password": {"current_password": PASSWORD, "new_password": "n" + PASSWORD}
    | {"again": "n" + PASSWORD},
    "till.charge": {"amount": "1", "currency": "USD", "key": "k" * 24},
    "shifts.open_shift": {"till_id": "1"},
    "pairing.pair": {"code": "000000"},
}


def send(world, endpoint, **token):
    form = FORMS.get(endpoint, {}) | token
    return world.browsers["cashier"].post(world.address(endpoint), data=form)


def test_a_form_without_its_token_is_not_understood_and_changes_nothing(world, books):
    before = books()
    for endpoint, _ in UNSAFE:
        answer = send(world, endpoint)
        assert answer.status_code == 400, endpoint
        assert "This form is too old." in read(answer).one(class_="error-text").text
    assert books() == before


def test_a_form_with_the_token_of_another_session_changes_nothing(world, books):
    before = books()
    for owner in ("manager", "colleague", "stranger"):
        theirs = csrf_token(world.browsers[owner], "/password")
        answers = {send(world, door[0], csrf_token=theirs).status_code for door in UNSAFE}
        assert answers == {400}, owner
    assert books() == before


def test_a_form_with_a_made_up_token_changes_nothing(world, books):
    before = books()
    for token in ("", "x", "e30.e30.e30", "ក", "\0"):
        answers = {send(world, endpoint, csrf_token=token).status_code for endpoint, _ in UNSAFE}
        assert answers == {400}, token
    assert books() == before


def test_the_token_from_before_a_login_is_worth_nothing_after_it(client, shop, books):
    token = csrf_token(client, "/login")
    press(client, "/login", "Log in", username="dara", password=PASSWORD)
    before = books()
    answer = client.post("/shifts/open", data={"csrf_token": token, "till_id": "1"})
    assert answer.status_code == 400
    assert books() == before


def test_the_token_holds_for_as_long_as_the_login(till, clock):
    form = read(till.browser.get("/till")).form("Charge")
    clock.advance(hours=11)
    answer = till.browser.post("/till/charge", data={**form.fields, "amount": "3.50"})
    assert answer.status_code == 303


def test_a_form_is_taken_over_https_too_where_pages_tell_no_referrer(till):
    shop = {"base_url": "https://localhost"}
    page = till.browser.get("/till", **shop)
    sent = {**read(page).form("Charge").fields, "amount": "3.50"}
    assert till.browser.post("/till/charge", data=sent, **shop).status_code == 303


def test_looking_never_changes_the_books(world, books):
    for who, browser in world.browsers.items():
        before = books(but=("display",))
        for door in SAFE:
            world.knock(browser, door)
            browser.head(world.address(door[0]), buffered=True)
        assert books(but=("display",)) == before, who


def test_asking_for_the_head_of_a_form_does_not_send_the_form(till, books):
    (shift,) = books()["shift"]
    address = f"/shifts/{shift.id}/close"
    assert till.browser.head(address).status_code == 200
    assert books()["shift"] == [shift]
    assert press(till.browser, address, "Close shift").status_code == 303
    assert books()["shift"] != [shift]


def test_the_one_thing_that_looking_makes_is_a_screen_to_be_paired(client, shop, books):
    before = books()
    client.get("/display")
    after = books()
    (screen,) = after.pop("display")
    assert screen.till_id is None
    assert {**before, "display": []} == {**after, "display": before["display"]}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_deed_is_done_by_no_other_method(world, books, method):
    before, browser = books(), world.browsers["cashier"]
    token = csrf_token(browser, "/till")
    for endpoint, _ in UNSAFE:
        form = {"csrf_token": token, "_method": "POST", **FORMS.get(endpoint, {})}
        headers = {"X-HTTP-Method-Override": "POST"}
        browser.open(world.address(endpoint), method=method, data=form, headers=headers)
    assert books() == before
