"""`flask check-gateway` posts to the address of the callbacks, and tells what came back."""

import json
import socket
import time

import pytest
from sqlalchemy import select

from pos import clock as pos_clock
from pos.extensions import db
from pos.models import GatewayCallback, Payment
from pos.services.banking.callbacks import UNSIGNED
from tests import payway
from tests.browser.conftest import read_whole
from tests.factories import charge, open_shift
from tests.gateways import certificates, wire
from tests.gateways.payway.practice import MERCHANT_ID
from tests.gateways.serving import serving
from tests.payway import settings
from tests.signing import PATH
from tests.test_cli import books, run
from tests.test_cli_gateways import lines

__all__ = ["books", "run", "settings"]

REFUSAL = json.dumps({"success": False, "message": UNSIGNED}).encode()


@pytest.fixture
def check(run, app, bank, shop):
    """Looks the account over, with this address on file at the bank."""
    pos_clock.use(None)
    with app.app_context():
        payway.add_account(bank)

    def do(host):
        return run("check-gateway", MERCHANT_ID, "--callback-url", f"{host}{PATH}")

    return do


@pytest.fixture
def shop_itself(app):
    """The shop's own door, on a real port."""
    with serving(read_whole(app)) as client:
        yield str(client.base_url)


def told(done, state):
    """The last line of this state that is about the address: the one about the post."""
    found = [one for one in lines(done, state) if PATH in one]
    assert found, done.output
    return found[-1]


def kept(app):
    with app.app_context():
        return list(db.session.scalars(select(GatewayCallback.said)))


def test_the_shop_answers_and_refuses_as_it_should(app, check, shop_itself, manager):
    done = check(shop_itself)
    assert "is answered by this shop, which refuses what is not signed." in told(done, "ok")
    assert kept(app) == ["our own probe"]
    assert "nothing proved who sent them" not in manager.get("/gateways").text


def test_the_post_settles_and_asks_about_nothing(app, check, shop, shop_itself, bank):
    with app.app_context():
        payment_id = charge(open_shift(shop)).id
        before = db.session.get_one(Payment, payment_id).next_check_at
    check(shop_itself)
    with app.app_context():
        row = db.session.get_one(Payment, payment_id)
        assert (str(row.status), row.next_check_at) == ("awaiting", before)


@pytest.mark.parametrize(
    ("answer", "said", "to_do"),
    [
        (wire.message(b"<html>", status=403), "before this shop", "let ABA's posts through"),
        (wire.message(REFUSAL, status=401), "another server", "Have the proxy"),
        (wire.message(status=200), "another server", "Have the proxy"),
        (wire.message(status=404), "another server", "Have the proxy"),
        (wire.message(status=502), "nothing behind it", "Start this program"),
        (wire.message(status=301, Location="https://example.com/"), "somewhere else", "redirect"),
        (wire.message(status=200, length=99), "did not answer", "this program serves"),
    ],
)
def test_whatever_else_answers_is_told_with_what_to_do(check, answer, said, to_do):
    with wire.bank(wire.send(answer)) as other:
        done = check(other.url)
    assert said in told(done, "wrong") and to_do in told(done, "wrong"), done.output
    assert done.exit_code == 1 and len(other.heard) == 1
    assert b"hmac" not in other.heard[0].lower() and other.heard[0].endswith(b"{}")


@pytest.mark.parametrize(
    ("status", "said"), [(403, "have no line of it"), (429, "has too much to do")]
)
def test_what_may_be_right_is_told_as_a_note(check, status, said):
    with wire.bank(wire.send(wire.message(REFUSAL, status=status))) as other:
        assert said in told(check(other.url), "note")


@pytest.mark.parametrize("script", [wire.hang(20), wire.trickle(wire.message(), 0.5)])
def test_silence_ends_by_the_clock(check, script):
    with wire.bank(script) as other:
        started = time.monotonic()
        done = check(other.url)
        assert time.monotonic() - started < 5
    assert "did not answer within 2 seconds" in told(done, "wrong")


def test_an_address_where_nobody_listens(check):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "cannot be reached from here" in told(check(f"http://127.0.0.1:{port}"), "wrong")


def test_a_certificate_that_nobody_knows(check, tmp_path):
    tls = certificates.server(None, tmp_path, ip="127.0.0.1")
    with wire.bank(wire.send(wire.message()), tls=tls) as other:
        assert "has no good certificate" in told(check(other.url), "wrong")


def test_outside_of_tests_an_address_of_this_machine_is_not_posted_to(app, check):
    app.testing = False
    with wire.bank(wire.send(wire.message())) as other:
        done = check(other.url)
    assert other.heard == [] and "cannot be posted to" in told(done, "wrong")
