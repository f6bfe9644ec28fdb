import pytest

from pos.extensions import db
from pos.models import Login
from tests.factories import PIN, create_user, give_pin, log_in, open_shift, post
from tests.web.pages import press, read

COOKIE = "pos_till"


@pytest.fixture
def tablet(app, shop, manager):
    """A browser that a manager enrolled as a till, where nobody is logged in."""
    with app.app_context():
        give_pin(shop.cashier)
        give_pin(shop.manager)
        open_shift(shop)
    press(manager, "/devices", "Make it a till", name="Tablet at Till 1")
    press(manager, "/password", "Log out")
    return manager


def come_in(tablet, person, pin=PIN):
    return press(tablet, "/switch", "Come in", user_id=str(person.id), pin=pin)


def test_a_till_asks_for_a_name_and_a_pin_in_place_of_the_password(tablet, shop):
    away = tablet.get("/till").headers["Location"]
    assert away == "/login?next=/till"
    assert tablet.get(away).headers["Location"] == "/switch?next=/till"
    answer = press(
        tablet, "/switch?next=/receipts", "Come in", user_id=str(shop.cashier.id), pin=PIN
    )
    assert answer.headers["Location"] == "/receipts"
    assert "Dara" in tablet.get("/till").text


def test_the_right_pin_opens_nothing_on_a_browser_that_is_no_till(app, tablet, shop):
    browser = app.test_client()
    form = {"user_id": str(shop.cashier.id), "pin": PIN}
    answer = post(browser, "/switch", form, page="/login")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert browser.get("/till").headers["Location"].startswith("/login")


def test_the_sixth_try_is_refused_even_with_the_right_pin(tablet, shop):
    for _ in range(5):
        answer = come_in(tablet, shop.cashier, "999111")
        assert (answer.status_code, read(answer).alert) == (422, "The PIN is wrong.")
        assert "999111" not in answer.text
    assert come_in(tablet, shop.cashier).status_code == 429


def test_a_pin_reaches_no_settings_people_or_exports_and_the_password_does(app, tablet, shop):
    come_in(tablet, shop.manager)
    for page in ("/rates", "/people", "/exports", "/devices", "/days", "/quick-amounts"):
        answer = tablet.get(page)
        assert (answer.status_code, "with your password" in answer.text) == (403, True), page
    assert tablet.get("/shifts").status_code == 200
    log_in(tablet, shop.manager, "/login?password=1")
    assert tablet.get("/rates").status_code == 200


def test_the_next_person_ends_the_login_of_the_one_before(app, tablet, shop):
    with app.app_context():
        sokha = give_pin(create_user(shop.store_id, "sokha"))
    come_in(tablet, shop.cashier)
    copied = app.test_client()
    copied.set_cookie("pos_login", tablet.get_cookie("pos_login").value)
    come_in(tablet, sokha)
    assert "Sokha" in tablet.get("/password").text
    assert copied.get("/password").status_code == 303


def test_a_till_that_nobody_touches_asks_who_it_is_and_its_sale_waits(app, tablet, shop, clock):
    come_in(tablet, shop.cashier)
    press(tablet, "/till", "Charge", amount="3.50", currency="USD")
    clock.advance(minutes=5)
    poll = tablet.get("/till/payment?seen=x", headers={"HX-Request": "true"})
    assert (poll.status_code, poll.headers["HX-Redirect"]) == (401, "/login")
    assert tablet.get("/till").headers["Location"].startswith("/login")
    come_in(tablet, shop.cashier)
    assert "3.50" in tablet.get("/till").text


def test_the_poll_alone_keeps_no_till_awake_and_a_person_does(app, tablet, shop, clock):
    come_in(tablet, shop.cashier)
    for _ in range(4):
        clock.advance(minutes=2)
        assert tablet.get("/till").status_code == 200
    for _ in range(3):
        clock.advance(minutes=2)
        tablet.get("/till/payment?seen=x", headers={"HX-Request": "true"})
    assert tablet.get("/till").status_code == 303


def test_a_till_taken_back_is_shut_at_once(app, tablet, shop):
    come_in(tablet, shop.cashier)
    office = log_in(app.test_client(), shop.manager)
    press(office, "/devices", "/revoke")
    assert tablet.get("/till").headers["Location"].startswith("/login")
    assert tablet.get("/login").status_code == 200
    assert read(tablet.get("/switch", follow_redirects=True)).one("h1").text == "Log in"


def test_the_secret_of_a_till_is_kept_from_scripts_and_other_sites(manager):
    answer = press(manager, "/devices", "Make it a till", name="Tablet")
    sent = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(sent.split("; "))
    assert manager.get_cookie(COOKIE).value not in manager.get("/devices").text


def test_a_login_by_pin_is_marked_as_one(app, tablet, shop):
    come_in(tablet, shop.cashier)
    with app.app_context():
        newest = db.session.query(Login).order_by(Login.id.desc()).first()
        assert (newest.by_pin, newest.terminal_id) == (True, 1)
    assert "With a PIN." in tablet.get("/password/logins").text
