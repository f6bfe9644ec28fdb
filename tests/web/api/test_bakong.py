import base64
import hashlib
import hmac
import io
import json
from datetime import datetime

import pytest
import zxingcpp
from PIL import Image
from pydantic import SecretStr

from tests.factories import create_other_shop
from tests.web.api import programs
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

BASE = "/api/payments/bakong"
MADE = {
    *("booking_id", "booking_number", "qr_code", "qr_image", "md5_hash", "deep_link", "amount"),
    *("currency", "payment_type"),
}
COMPLETED = {
    *("booking_id", "booking_number", "transaction_id", "payment_status", "booking_status"),
    *("amount", "currency", "paid_at"),
}
PENDING = {"booking_id", "booking_number", "payment_status"}
SECRET = "a secret of the relay and the shop"


@pytest.fixture
def work(app, shop, bank, clock):
    return Counter(app, shop, bank, clock, app.test_client()).work


@pytest.fixture
def made(program):
    """The QR of one booking."""
    program.post(SALES, new())
    answer = program.post(f"{BASE}/create", {"booking_id": "B-1"})
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"success", "data", "message"}
    return answer.json["data"]


def verify(program, made, **changes):
    asked = {"booking_id": "B-1", "md5_hash": made["md5_hash"], **changes}
    return program.post(f"{BASE}/verify", asked)


def test_create_answers_the_fields_that_were_agreed_and_no_other(made):
    assert set(made) == MADE
    assert (made["booking_id"], made["booking_number"]) == ("B-1", "2025-001")
    assert (made["amount"], made["currency"], made["payment_type"]) == (50.0, "USD", "full")
    assert made["md5_hash"] == hashlib.md5(made["qr_code"].encode()).hexdigest()
    assert "/sandbox/link/" in made["deep_link"]


def test_the_picture_is_a_png_that_a_bank_app_can_read(made):
    head, data = made["qr_image"].split(",", 1)
    assert head == "data:image/png;base64"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(base64.b64decode(data))))
    assert read.text == made["qr_code"]


def test_creating_twice_gives_the_qr_that_waits(program, made, books):
    again = program.post(f"{BASE}/create", {"booking_id": "B-1"}).json["data"]
    assert again["md5_hash"] == made["md5_hash"]
    assert len(books()["payment"]) == 1


def test_verify_says_pending_until_the_bank_says_paid(program, made, bank, clock):
    answer = verify(program, made)
    assert (answer.status_code, set(answer.json["data"])) == (200, PENDING)
    assert answer.json["data"]["payment_status"] == "pending"
    bank.pay(made["qr_code"])
    clock.advance(3)
    done = verify(program, made).json["data"]
    assert set(done) == COMPLETED
    assert (done["payment_status"], done["booking_status"]) == ("completed", "confirmed")
    assert (done["amount"], done["currency"]) == (50.0, "USD")
    assert datetime.fromisoformat(done["paid_at"]).tzinfo is not None
    assert done["transaction_id"]


def test_verify_asks_the_bank_no_more_than_every_two_seconds(program, made, bank):
    for _ in range(10):
        assert verify(program, made).status_code == 200
    asked = [call for call in bank.calls() if "check_transaction" in call["path"]]
    assert len(asked) == 1


def test_verify_of_a_qr_that_ended_without_money_says_so(program, made, work):
    work(after=301)
    work(after=20)
    answer = verify(program, made)
    assert (answer.status_code, answer.json["success"]) == (422, False)
    assert answer.json["message"] == "This payment has ended without money: expired."


def test_status_tells_the_same_without_asking_the_bank(program, made, bank, work):
    path = f"{BASE}/status/{made['md5_hash']}"
    told = program.get(path).json
    assert (told["success"], set(told["data"])) == (True, PENDING)
    assert told["data"]["payment_status"] == "processing"
    bank.pay(made["qr_code"])
    assert program.get(path).json["data"]["payment_status"] == "processing"
    work(after=10)
    done = program.get(path).json["data"]
    assert (set(done), done["payment_status"]) == (COMPLETED, "completed")


def test_a_paid_booking_gets_no_other_qr(program, made, bank, work):
    bank.pay(made["qr_code"])
    work(after=10)
    answer = program.post(f"{BASE}/create", {"booking_id": "B-1"})
    assert (answer.status_code, answer.json["success"]) == (422, False)
    assert answer.json["message"] == "This order has already been paid"


NOT_THERE = {
    "another booking's": {"booking_id": "B-2"},
    "no booking's": {"booking_id": "B-9"},
    "no payment's": {"md5_hash": "0" * 32},
}


@pytest.mark.parametrize("how", NOT_THERE)
def test_verify_of_what_is_not_there_is_not_found(program, made, how):
    program.post(SALES, new(booking_id="B-2"))
    answer = verify(program, made, **NOT_THERE[how])
    assert (answer.status_code, answer.json["success"]) == (404, False)


def test_another_stores_program_finds_nothing(app, bank, made):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert stranger.get(f"{BASE}/status/{made['md5_hash']}").status_code == 404
    assert verify(stranger, made).status_code == 404
    assert stranger.post(f"{BASE}/create", {"booking_id": "B-1"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"booking_id": 1}, {"booking_id": "B-1", "amount": 1}])
def test_what_cannot_be_read_is_told_by_field(program, made, body):
    answer = program.post(f"{BASE}/create", body)
    assert (answer.status_code, answer.json["success"]) == (422, False)
    assert set(answer.json["errors"]) <= {"booking_id", "amount"}


def test_every_address_needs_a_token(client, made):
    paths = (f"{BASE}/create", f"{BASE}/verify", f"{BASE}/webhook")
    answers = [client.post(path, json={}) for path in paths]
    answers.append(client.get(f"{BASE}/status/{made['md5_hash']}"))
    assert [(one.status_code, one.json["success"]) for one in answers] == [(401, False)] * 4


def hint(client, body, secret=SECRET, name="X-Webhook-Signature"):
    raw = json.dumps(body).encode()
    signed = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", name: signed}
    return client.post(f"{BASE}/webhook", data=raw, headers=headers)


@pytest.fixture
def relay_secret(app):
    known = app.extensions["pos_settings"]
    changed = known.model_copy(update={"webhook_secret": SecretStr(SECRET)})
    app.extensions["pos_settings"] = changed
    yield
    app.extensions["pos_settings"] = known


def due_at(books):
    return books()["payment"][0].next_check_at


@pytest.mark.parametrize("shape", ["md5", "md5_hash", "data"])
def test_a_signed_hint_wakes_a_question_and_settles_nothing(
    client, relay_secret, made, books, clock, shape
):
    clock.advance(1)
    body = {"status": "success", "amount": 1}
    body |= {"data": {"md5": made["md5_hash"]}} if shape == "data" else {shape: made["md5_hash"]}
    answer = hint(client, body)
    assert (answer.status_code, answer.json["success"]) == (200, True)
    assert due_at(books) == clock.time
    assert books()["payment"][0].status == "awaiting"


def test_a_forged_hint_wakes_nothing(client, relay_secret, made, books, clock):
    clock.advance(1)
    before = books()
    body = {"md5": made["md5_hash"]}
    for wrong in ("another secret", ""):
        assert hint(client, body, wrong).status_code == 401
    assert books() == before


def test_without_a_secret_no_signature_is_right_and_a_token_is(client, program, made, books, clock):
    clock.advance(1)
    before = books()
    assert hint(client, {"md5": made["md5_hash"]}, "").status_code == 401
    assert books() == before
    assert program.post(f"{BASE}/webhook", {"md5": made["md5_hash"]}).status_code == 200
    assert due_at(books) == clock.time


def test_a_hint_about_nothing_of_ours_is_heard_and_changes_nothing(program, made, books):
    before = books()
    for body in ({}, {"md5": "0" * 32}, {"md5": "x" * 500}, {"other": [1]}):
        assert program.post(f"{BASE}/webhook", body).status_code == 200, body
    assert books() == before


@pytest.mark.parametrize("body", [[], "x", 1, {"md5": 7}])
def test_a_hint_that_cannot_be_read_is_refused(program, made, body):
    assert program.post(f"{BASE}/webhook", body).status_code == 400
