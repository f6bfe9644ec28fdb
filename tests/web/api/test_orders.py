import re
import uuid

import pytest

from pos.permissions import Scope
from tests.web.api import programs
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

ORDER = "550e8400-e29b-41d4-a716-446655440000"
KHQR = f"/api/order/v1/customer/orders/{ORDER}/payment/khqr"
STATUS = f"/api/order/v1/customer/orders/{ORDER}/payment/status"
CUSTOMER = {
    "payment_method_code": "abapay_khqr_deeplink",
    "first_name": "Sophal",
    "last_name": "Chan",
    "email": "sophal@example.com",
    "phone": "012345678",
}


@pytest.fixture
def work(app, shop, bank, clock):
    return Counter(app, shop, bank, clock, app.test_client()).work


@pytest.fixture
def order(program):
    """An order that its shop registered by its own uuid."""
    sale = new(booking_id=ORDER, booking_number="ORD-2025-001", customer="c-7")
    assert program.post(SALES, sale).json["id"] == ORDER
    return ORDER


def test_khqr_answers_the_fields_that_were_agreed_and_no_other(program, order):
    answer = program.post(KHQR, CUSTOMER)
    assert (answer.status_code, set(answer.json)) == (200, {"success", "data"})
    data = answer.json["data"]
    assert set(data) == {"order", "payment", "khqr"}
    assert data["order"] == {
        "uuid": ORDER,
        "order_number": "ORD-2025-001",
        "total": 50.0,
        "status": "pending",
    }
    assert set(data["payment"]) == {"uuid", "status", "amount"}
    assert uuid.UUID(data["payment"]["uuid"])
    assert (data["payment"]["status"], data["payment"]["amount"]) == ("processing", "50.00")
    assert set(data["khqr"]) == {"qr_string", "abapay_deeplink", "transaction_id"}
    assert data["khqr"]["qr_string"].startswith("000201")


def test_nothing_need_be_said_of_the_customer(program, order):
    assert program.call("POST", KHQR).status_code == 200


def test_status_follows_the_payment_to_its_end(program, order, bank, work):
    made = program.post(KHQR).json["data"]
    now = program.get(STATUS).json
    assert set(now) == {"success", "data"}
    assert now["data"]["payment"] == {**made["payment"], "completed_at": None, "failed_at": None}
    assert now["data"]["order"] == {"uuid": ORDER, "status": "pending", "is_paid": False}
    bank.pay(made["khqr"]["qr_string"])
    work(after=10)
    done = program.get(STATUS).json["data"]
    assert (done["payment"]["status"], done["payment"]["uuid"]) == (
        "completed",
        made["payment"]["uuid"],
    )
    assert re.fullmatch(r"2026-11-22T\d\d:\d\d:\d\d\.\d{6}Z", done["payment"]["completed_at"])
    assert done["payment"]["failed_at"] is None
    assert done["order"] == {"uuid": ORDER, "status": "paid", "is_paid": True}


def test_a_qr_that_ended_has_failed(program, order, work):
    program.post(KHQR)
    work(after=301)
    work(after=20)
    payment = program.get(STATUS).json["data"]["payment"]
    assert (payment["status"], payment["completed_at"]) == ("failed", None)
    assert payment["failed_at"].endswith("Z")


def test_an_order_without_a_payment_says_so(program, order):
    answer = program.get(STATUS)
    assert (answer.status_code, answer.json["success"]) == (404, False)
    assert answer.json["message"] == "No payment found for this order"


def test_a_payment_that_is_being_processed_lets_no_other_begin(program, order, books):
    program.post(KHQR)
    answer = program.post(KHQR)
    assert (answer.status_code, answer.json) == (
        422,
        {"success": False, "message": "A payment is already being processed for this order"},
    )
    assert len(books()["payment"]) == 1


def test_a_paid_order_is_not_paid_again(program, order, bank, work):
    made = program.post(KHQR).json["data"]
    bank.pay(made["khqr"]["qr_string"])
    work(after=10)
    answer = program.post(KHQR)
    assert (answer.status_code, answer.json) == (
        422,
        {"success": False, "message": "This order has already been paid"},
    )


RULES = [
    ("payment_method_code", "invalid_method",
     "Invalid payment method. Use abapay_khqr_deeplink or bakong."),
    ("first_name", "R2D2", "First name contains invalid characters."),
    ("last_name", "<b>", "Last name contains invalid characters."),
    ("email", "sophal", "Please provide a valid email address."),
    ("phone", "call me", "Phone number format is invalid."),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "message"), RULES)
def test_each_rule_has_the_message_that_was_agreed(program, order, books, field, value, message):
    before = books(but=("api_try",))
    answer = program.post(KHQR, {**CUSTOMER, field: value})
    assert (answer.status_code, answer.json["success"]) == (422, False)
    assert answer.json["errors"] == {field: [message]}
    assert answer.json["message"] == message
    assert books(but=("api_try",)) == before


TOO_LONG = [("first_name", 256), ("last_name", 256), ("email", 256), ("phone", 21)]


@pytest.mark.parametrize(("field", "length"), TOO_LONG)
def test_each_field_has_the_length_that_was_agreed(program, order, field, length):
    text = {"email": "a@b.co" + "o" * (length - 6), "phone": "0" * length}
    answer = program.post(KHQR, {field: text.get(field, "x" * length)})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


def test_a_name_is_written_in_khmer_too(program, order):
    named = {"first_name": "សុផល", "last_name": "ច័ន្ទ", "phone": "+855 (12) 345-678"}
    answer = program.post(KHQR, {**named, "payment_method_code": "bakong"})
    assert answer.status_code == 200, answer.text


def test_an_unknown_field_is_refused_by_its_name(program, order):
    answer = program.post(KHQR, {**CUSTOMER, "total": 1})
    assert answer.json["errors"] == {"total": ["This field is not known."]}


def test_the_amount_is_more_than_nothing_and_no_more_than_the_limit(program):
    def register(amount):
        return program.post(SALES, new(booking_id=f"B {amount}", amount=amount)).json

    assert register("0.00")["errors"][0]["field"] == "amount"
    told = register("100000.01")
    assert told["errors"][0]["message"] == "Payment amount exceeds maximum limit"
    assert register("100000.00")["status"] == "open"


def test_five_pass_in_a_minute_and_the_sixth_waits(program, order, clock):
    answers = [program.post(KHQR).status_code for _ in range(5)]
    assert answers == [200, 422, 422, 422, 422]
    sixth = program.post(KHQR)
    assert (sixth.status_code, sixth.json["success"]) == (429, False)
    assert sixth.headers["Retry-After"] == "60"
    clock.advance(60)
    assert program.post(KHQR).status_code == 422


def test_twenty_pass_in_an_hour(program, order, clock):
    for _ in range(20):
        assert program.post(KHQR).status_code != 429
        clock.advance(20)
        program.renew()
    assert program.post(KHQR).status_code == 429


def test_a_customer_pays_their_own_orders_alone(app, shop, program, order):
    scopes = {Scope.READ, Scope.CHARGE}
    own = programs.start(app, shop.manager, scopes, customer="c-7")
    other = programs.start(app, shop.manager, scopes, customer="c-8")
    for answer in (other.post(KHQR), other.get(STATUS)):
        assert (answer.status_code, answer.json["success"]) == (403, False)
    assert own.post(KHQR).status_code == 200
    assert own.get(STATUS).status_code == 200


def test_an_order_that_is_not_there_is_not_found(program):
    assert (program.post(KHQR).status_code, program.get(STATUS).status_code) == (404, 404)


def test_an_order_needs_a_token(client, shop):
    for answer in (client.post(KHQR, json={}), client.get(STATUS)):
        assert (answer.status_code, answer.json["success"]) == (401, False)


def test_an_email_and_a_phone_may_be_null(program):
    program.post(SALES, new())
    body = {"email": None, "phone": None}
    answer = program.post("/api/order/v1/customer/orders/B-1/payment/khqr", body)
    assert (answer.status_code, answer.json["success"]) == (200, True), answer.text
