from contextlib import closing

import pytest
from sqlalchemy import select, update

from pos.database import READS, writing
from pos.extensions import db
from pos.models import Display, Payment
from pos.reports.counter import glance
from pos.services.people import users
from pos.services.shop import displays

COOKIE = "pos_login"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def address(waiting):
    """What the till's panel asks next; it has seen everything."""
    return waiting.panel().attrs["hx-get"]


def ask(browser, address):
    return browser.get(address, headers=HTMX).status_code


def kill_the_connection(app):
    """Leave a dead one in the pool of the reading side."""
    with app.app_context(), closing(db.engines[READS].raw_connection()) as pooled:
        driver = pooled.driver_connection
    driver.close()


def test_a_login_that_is_over_is_not_told_that_nothing_changed(app, waiting, address):
    assert ask(waiting.browser, address) == 204
    with app.app_context():
        users.log_out(token_of(app, waiting.browser))
    assert ask(waiting.browser, address) == 401


def token_of(app, browser):
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie_of(browser)}"}) as asked:
        return asked.session["_user_id"]


def cookie_of(browser):
    return browser.get_cookie(COOKIE).value


@pytest.mark.parametrize("at", [5, -5])
def test_a_cookie_that_we_did_not_sign_is_not_told_it_either(app, waiting, address, at):
    signed = cookie_of(waiting.browser)
    forged = list(signed)
    forged[at] = "A" if forged[at] != "A" else "B"
    stranger = app.test_client()
    stranger.set_cookie(COOKIE, "".join(forged))
    assert ask(stranger, address) == 401
    stranger.set_cookie(COOKIE, signed)
    assert ask(stranger, address) == 204


@pytest.mark.parametrize("page", ["/till/payment", "/display/screen"])
@pytest.mark.parametrize("seen", ["", "None", "nothing", "code-None"])
def test_nobody_is_told_it_whatever_they_say_to_have_seen(client, shop, page, seen):
    assert ask(client, f"{page}?seen={seen}") != 204


def test_a_screen_taken_back_is_not_told_it(app, shop, display):
    address = display.show().attrs["hx-get"]
    assert ask(display.browser, address) == 204
    with app.app_context():
        displays.revoke(db.session.scalars(select(Display)).one().id, shop.store_id)
    assert ask(display.browser, address) != 204


def test_an_address_with_more_in_it_is_left_to_the_route(waiting, address):
    assert ask(waiting.browser, f"{address}&more=1") == 204
    assert ask(waiting.browser, f"/till/payment?more=1&{address.partition('?')[2]}") == 204


def test_a_poll_whose_connection_died_is_answered_all_the_same(app, waiting, address, queries):
    kill_the_connection(app)
    assert ask(waiting.browser, address) == 204
    with queries() as asked:
        assert ask(waiting.browser, address) == 204
    assert len(asked) == 1


def test_a_poll_makes_the_qr_that_a_program_died_before(app, waiting):
    qr = waiting.payment().qr_string
    with app.app_context(), writing(db.session):
        db.session.execute(update(Payment).values(status="creating", qr_string=None, lookup=None))
    creating = "/till/payment?seen=" + glance_of(app, waiting.browser)
    assert ask(waiting.browser, creating) == 200
    assert (waiting.payment().status, waiting.payment().qr_string) == ("awaiting", qr)
    assert waiting.panel().attrs["data-phase"] == "waiting"


def glance_of(app, browser):
    """The mark of a till as it is now, which a screen may have seen."""
    with app.app_context():
        return glance.at_till(users.hash_of(token_of(app, browser))).mark
