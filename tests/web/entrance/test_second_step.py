import pytest

from pos import clock as clocks
from pos import totp
from pos.extensions import db
from pos.models import Role, User
from pos.services.people import second_step, terminals, users
from tests.factories import PASSWORD, PIN, create_user, give_pin, log_in, post
from tests.web.pages import press, read, scan

PAGE = "/password/second-step"
NEW = "papaya-temple-99"


def code_of(key, steps=0):
    return totp.code_at(key, totp.step_of(clocks.now()) + steps)


@pytest.fixture
def key(app, shop, clock):
    """The key of the manager's phone; its first code is used up."""
    with app.app_context():
        maly = db.session.get_one(User, shop.manager.id)
        second_step.begin(maly, PASSWORD)
        key = second_step.begun_key(maly)
        second_step.turn_on(maly, code_of(key), keep_token="")
    clock.advance(seconds=30)
    return key


@pytest.fixture
def tablet(app, shop):
    """A browser that a manager enrolled as a till, where nobody is logged in."""
    with app.app_context():
        give_pin(shop.manager)
        user = db.session.get_one(User, shop.manager.id)
        token = terminals.enroll(user, "Tablet at Till 1")
    browser = app.test_client()
    browser.set_cookie("pos_till", token)
    return browser


def type_password(browser):
    form = {"username": "maly", "password": PASSWORD, "next": "/people"}
    return post(browser, "/login", form)


def is_in(browser):
    return browser.get("/password").status_code == 200


def test_the_page_shows_the_key_as_qr_and_text_and_then_the_recovery_codes(app, manager):
    page = press(manager, PAGE, "Set up", current_password=PASSWORD)
    key_text = read(page).one("dl", class_="second-step-key").one("dd").text.replace(" ", "")
    with app.app_context():
        maly = db.session.query(User).filter_by(username="maly").one()
        key = second_step.begun_key(maly)
    assert (page.status_code, key_text) == (200, totp.as_text(key))
    assert scan(read(page)) == totp.address(key, "KHQR POS", "maly")
    wrong = post(manager, f"{PAGE}/on", {"code": "000000x"}, page=PAGE)
    assert (wrong.status_code, key_text[:4] in wrong.text) == (422, True)
    done = post(manager, f"{PAGE}/on", {"code": code_of(key)}, page=PAGE)
    shown = [one.text for one in read(done).one("ul", class_="second-step-codes").all("li")]
    assert (len(shown), is_in(manager)) == (10, True)
    assert shown[0] not in manager.get(PAGE).text


def test_the_password_leads_to_the_code_and_opens_nothing_yet(client, key):
    answer = type_password(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login/code?next=/people")
    for page in ("/people", "/till", "/password", PAGE):
        assert client.get(page).headers["Location"].startswith("/login?"), page


def test_a_right_code_opens_the_login_and_goes_on(client, key):
    type_password(client)
    answer = post(client, "/login/code", {"code": code_of(key), "next": "/people"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
    assert client.get("/people").status_code == 200


def test_a_code_without_the_password_before_is_nothing(client, key):
    answer = post(client, "/login/code", {"code": code_of(key)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?password=")
    assert not is_in(client)


def test_a_wrong_code_is_told_and_may_be_typed_again(client, key):
    type_password(client)
    answer = post(client, "/login/code", {"code": "123"})
    assert (answer.status_code, read(answer).alert) == (
        422,
        "The code is wrong, or was used before.",
    )
    assert not is_in(client)
    assert post(client, "/login/code", {"code": code_of(key)}).headers["Location"] == "/till"


def test_a_code_that_opened_one_browser_opens_no_other(app, client, key):
    other = app.test_client()
    for browser in (client, other):
        type_password(browser)
        post(browser, "/login/code", {"code": code_of(key)})
    assert (is_in(client), is_in(other)) == (True, False)


def test_after_five_minutes_the_password_is_typed_again(client, key, clock):
    type_password(client)
    clock.advance(minutes=5)
    assert (
        post(client, "/login/code", {"code": code_of(key)})
        .headers["Location"]
        .startswith("/login?")
    )
    assert not is_in(client)


def test_another_password_ends_a_login_that_waits_for_its_code(app, client, shop, key):
    type_password(client)
    with app.app_context():
        users.set_password(db.session.get_one(User, shop.manager.id), NEW)
    post(client, "/login/code", {"code": code_of(key)})
    assert not is_in(client)


def test_a_code_leads_to_no_other_site(client, key):
    type_password(client)
    answer = post(client, "/login/code", {"code": code_of(key), "next": "//evil.example"})
    assert answer.headers["Location"] == "/till"


def test_a_new_password_takes_a_code_as_well(client, key, clock):
    type_password(client)
    post(client, "/login/code", {"code": code_of(key)})
    clock.advance(seconds=30)
    typed = {"current_password": PASSWORD, "new_password": NEW, "again": NEW}
    answer = press(client, "/password", "Change password", **typed)
    assert (answer.headers["Location"], is_in(client)) == ("/login/code", False)
    post(client, "/login/code", {"code": code_of(key)})
    assert is_in(client)


def test_it_is_turned_off_by_password_and_code(client, key, clock):
    type_password(client)
    post(client, "/login/code", {"code": code_of(key)})
    clock.advance(seconds=30)
    wrong = press(client, PAGE, "Turn off", current_password="no", code=code_of(key))
    assert (wrong.status_code, read(wrong).alert) == (422, "The current password is wrong.")
    answer = press(client, PAGE, "Turn off", current_password=PASSWORD, code=code_of(key))
    assert (answer.status_code, type_password(client).headers["Location"]) == (303, "/people")


@pytest.fixture
def strict(app):
    """The shop asks who manages people for the second step."""
    kept = app.extensions["pos_settings"]
    app.extensions["pos_settings"] = kept.model_copy(update={"totp_required": "managers"})


def test_a_shop_that_asks_for_it_leads_a_manager_nowhere_else(strict, app, manager, cashier):
    for page in ("/till", "/people", "/shifts"):
        answer = manager.get(page)
        assert (answer.status_code, answer.headers.get("Location")) == (303, PAGE), page
    assert "The shop asks for it" in manager.get(PAGE).text
    press(manager, PAGE, "Set up", current_password=PASSWORD)
    with app.app_context():
        key = second_step.begun_key(db.session.query(User).filter_by(username="maly").one())
    post(manager, f"{PAGE}/on", {"code": code_of(key)}, page=PAGE)
    assert [browser.get("/shifts").status_code for browser in (manager, cashier)] == [200, 200]


def test_a_pin_at_a_till_is_not_asked_for_a_code_and_reaches_no_settings(strict, key, tablet, shop):
    press(tablet, "/switch", "Come in", user_id=str(shop.manager.id), pin=PIN)
    assert tablet.get("/shifts").status_code == 200
    assert [tablet.get(page).status_code for page in ("/people", "/rates")] == [403, 403]


def test_a_pin_and_a_password_are_no_way_around_the_code(key, tablet, shop):
    press(tablet, "/switch", "Come in", user_id=str(shop.manager.id), pin=PIN)
    typed = {"current_password": PASSWORD, "new_password": NEW, "again": NEW}
    answer = press(tablet, "/password", "Change password", **typed)
    assert (answer.headers["Location"], is_in(tablet)) == ("/login/code", False)


def test_a_manager_takes_it_away_for_who_lost_the_phone(app, key, client, shop):
    with app.app_context():
        owner = create_user(shop.store_id, "rith", role=Role.OWNER)
    page = f"/people/{shop.manager.id}"
    log_in(client, owner)
    answer = press(client, page, "Take the second step away")
    assert (answer.headers["Location"], "Take the second" in client.get(page).text) == (page, False)
    assert type_password(app.test_client()).headers["Location"] == "/people"
