"""Callbacks that are not taken: W9 to W12 of the fault catalogue."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from pos.database import writing
from pos.extensions import db
from pos.services.banking import callbacks
from pos.web.brake import Brake
from tests import factories
from tests.signing import DONE, PATH, body_of, signed
from tests.web.doors import door, shop

__all__ = ["door", "shop"]

MISSING = {"success": False, "message": "Missing webhook signature"}
WRONG = {"success": False, "message": "Invalid webhook signature"}


@pytest.fixture
def quiet_books(books):
    """Everything but the callbacks, to show that nothing else changed."""
    return lambda: books(but=("gateway_callback",))


def test_w09_without_a_signature(waiting, door, quiet_books):
    before = quiet_books()
    raw, _ = signed(body_of(waiting.payment().tran_id))
    answer = door.post(raw)
    assert (answer.status_code, answer.json) == (403, MISSING)
    assert quiet_books() == before and door.kept() == [("", 1, "refused")]


@pytest.mark.parametrize("name", ["X-PAYWAY-HMAC-SHA512", "X-PayWay-Signature"])
@pytest.mark.parametrize("value", ["", "x", "0" * 88, "=="])
def test_w09_with_a_wrong_signature(waiting, door, quiet_books, name, value):
    before = quiet_books()
    raw, _ = signed(body_of(waiting.payment().tran_id))
    answer = door.post(raw, **{name: value})
    assert (answer.status_code, answer.json) == (403, WRONG)
    assert quiet_books() == before and [row[2] for row in door.kept()] == ["refused"]


def test_w09_with_a_body_that_was_changed_after_it_was_signed(waiting, door, quiet_books):
    before = quiet_books()
    raw, headers = signed(body_of(waiting.payment().tran_id, status="7"))
    answer = door.post(raw.replace(b'"7"', b'"0"'), **headers)
    assert answer.json == WRONG and quiet_books() == before


def test_w09_signed_by_another_store_with_its_own_key(app, waiting, door, bank, quiet_books):
    theirs = {"gateway": "payway", "account_id": "ec000999", "token_email": ""}
    with app.app_context():
        new = factories.shops.NewAccount(base_url=bank.url, token="their-key", **theirs)
        factories.shops.create_shop("Tonle Books", "Siem Reap", "Old Market", ["A"], new)
    before = quiet_books()
    assert door.knock(key="their-key").json == WRONG
    assert door.knock("261122-NOBODYS", key="their-key").json == DONE
    assert quiet_books() == before
    assert [row[2] for row in door.kept()] == ["refused", "unknown"]


def test_w09_where_no_key_is_stored_nothing_is_proven(waiting, door, quiet_books):
    door.configure(token_sealed="")
    before = quiet_books()
    assert door.knock().status_code == 503
    assert door.post(b"{}").status_code == 403
    assert quiet_books() == before


def test_w09_many_forgeries_fill_neither_the_books_nor_the_log(waiting, door, caplog):
    most = callbacks.REFUSED_A_MINUTE
    answers = {door.knock(key="forged", apv=str(number)).status_code for number in range(most * 2)}
    assert answers == {403} and len(door.kept()) == most
    assert len([one for one in caplog.records if "refused" in one.message]) == most


def test_w09_nothing_that_is_kept_shows_a_key_or_a_signature(waiting, door, caplog, books):
    raw, headers = signed(body_of(waiting.payment().tran_id, hash="h" * 88, token="v1-token"))
    door.post(raw, **headers)
    door.post(raw, **{"X-PayWay-Signature": "s" * 88})
    told = repr(books()["gateway_callback"]) + caplog.text
    assert "502809" in told
    for secret in ("h" * 9, "v1-token", "s" * 9, *(value[:9] for value in headers.values())):
        assert secret not in told.replace("application/json", "")


@pytest.mark.parametrize(("method", "status"), [("get", 405), ("put", 405), ("delete", 405)])
def test_w11_another_method(door, method, status):
    assert getattr(door.client, method)(PATH).status_code == status


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"tran_id=1", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b" " * (64 * 1024 + 1), "application/json", 413),
        (b" " * 10_000_000, "application/json", 413),
        (b"[" * 9_000 + b"]" * 9_000, "application/json", 400),
        (b'{"a":' * 99 + b"1" + b"}" * 99, "application/json", 400),
        ('{"tran_id":"é"}'.encode("latin-1"), "application/json; charset=latin-1", 400),
        ('{"tran_id":"1"}'.encode("utf-16"), "application/json; charset=utf-16", 400),
        (b'{"tran_id":"1","tran_id":"2"}', "application/json", 400),
        (b'{"amount":NaN}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
    ],
)
def test_w11_what_no_callback_looks_like(waiting, door, quiet_books, raw, kind, status):
    before = quiet_books()
    answer = door.post(raw, **{"Content-Type": kind, "X-PAYWAY-HMAC-SHA512": "x"})
    assert (answer.status_code, answer.json["success"]) == (status, False)
    assert quiet_books() == before and door.kept() == []


@pytest.mark.sqlite
def test_w10_what_could_not_be_stored_is_not_acknowledged_and_taken_the_next_time(waiting, door):
    trigger = "CREATE TRIGGER full BEFORE UPDATE ON payment BEGIN SELECT RAISE(ABORT, 'no'); END"
    with waiting.app.app_context(), writing(db.session):
        db.session.execute(text(trigger))
    assert door.knock().status_code >= 500 and door.kept() == []
    with waiting.app.app_context(), writing(db.session):
        db.session.execute(text("DROP TRIGGER full"))
    waiting.pay()
    assert door.knock().json == DONE
    door.work()
    assert str(waiting.payment().status) == "paid" and len(door.kept()) == 1


@pytest.mark.sqlite
def test_w10_books_that_are_locked_are_said_to_be_busy(waiting, door, settings):
    other = sqlite3.connect(settings.database.removeprefix("sqlite:///"))
    other.execute("BEGIN EXCLUSIVE")
    answer = door.knock()
    assert (answer.status_code, answer.json["success"]) == (503, False)
    other.rollback()
    other.close()
    assert door.kept() == [] and door.knock().json == DONE


@pytest.mark.alone("a till may wait half a second")
def test_w12_a_flood_is_taken_or_turned_away_and_holds_up_no_till(waiting, door):
    tran_id, took = waiting.payment().tran_id, []

    def knock(number):
        raw, headers = signed(body_of(tran_id, apv=str(number)))
        client, started = waiting.app.test_client(), time.monotonic()
        status = client.post(PATH, data=raw, headers=headers).status_code
        took.append(time.monotonic() - started)
        return status

    with ThreadPoolExecutor(8) as senders:
        answers = senders.map(knock, range(1_000))
        started = time.monotonic()
        assert waiting.poll().status_code in (200, 204)
        assert time.monotonic() - started < 0.5
        assert set(answers) == {200, 429}
    assert sorted(took)[-10] < 2
    waiting.pay()
    door.work(after=3)
    assert str(waiting.payment().status) == "paid"


def test_the_brake_lets_a_burst_pass_and_then_so_many_a_second():
    brake = Brake(20, 5)
    assert [brake.lets_pass() for _ in range(6)] == [True] * 5 + [False]
    time.sleep(0.11)
    assert [brake.lets_pass() for _ in range(3)] == [True, True, False]


def words(page):
    return " ".join(page.text.split())


def test_a_manager_sees_what_callbacks_there_were_and_what_is_wrong_with_them(
    waiting, door, manager
):
    assert "Last callback" in (page := words(manager.get("/gateways"))) and "None yet" in page
    assert "Till 1, Till 2" in page and "24 hours" not in page
    door.knock(key="forged")
    door.knock("261122-NOBODYS")
    door.knock()
    for _ in range(12):
        door.work(after=5)
    page = words(manager.get("/gateways"))
    assert "None yet" not in page
    assert "because nothing proved who sent them: 1." in page
    assert "asked since, does not have: 1." in page
    assert "payments that are not in these books: 1." in page
