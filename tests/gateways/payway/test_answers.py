from datetime import UTC, datetime

import pytest

from pos.gateways.base import Outcome, Trouble
from pos.gateways.payway.answers import WORDS
from tests.gateways.payway.bodies import KHR, TRAN_ID, answer_to, good, no, pending, state
from tests.gateways.requests import khr, said, usd


def test_an_approved_payment_is_read_whole():
    facts = answer_to(good()).facts
    assert (facts.reference, facts.amount, facts.refunded) == (TRAN_ID, usd("3.50"), None)
    assert (facts.receiver, facts.bank_reference) == ("ec000262", "753786")
    assert facts.paid_at == datetime(2026, 11, 22, 8, 0, 7, tzinfo=UTC)


def test_the_currency_is_that_of_the_bill_and_the_payers_amount_settles_nothing():
    data = state(original_amount=4000, total_amount=4000, payment_amount=1)
    assert answer_to(good(data), question=KHR).facts.amount == khr("4000")


@pytest.mark.parametrize("amount", [3.5, "3.5", "3.50"])
def test_an_amount_is_number_or_text_and_exact(amount):
    assert answer_to(good(state(original_amount=amount))).facts.amount == usd("3.50")


@pytest.mark.parametrize(
    ("word", "number", "meant"),
    [
        ("APPROVED", 0, "paid"),
        ("approved", "0", "paid"),
        ("APPROVED", ..., "paid"),
        ("PRE-AUTH", 0, "not_found"),
        ("PENDING", 2, "not_found"),
        ("CANCELLED", 7, "not_found"),
        ("DECLINED", 3, "failed"),
        ("DECLINDED", 3, "failed"),
        ("SETTLING", 9, "other"),
        ("APPROVED", 2, "garbled"),
        ("PENDING", 0, "garbled"),
        ("DECLINED", 0, "garbled"),
        (..., 0, "garbled"),
        (7, 0, "garbled"),
        ("", 0, "garbled"),
    ],
)
def test_the_word_decides_and_its_number_may_not_contradict_it(word, number, meant):
    data = pending() if word == "PENDING" else state()
    changed = {"payment_status": word, "payment_status_code": number}
    kept = {name: value for name, value in (data | changed).items() if value is not ...}
    assert said(answer_to(good(kept))) == meant


def test_only_two_words_are_money():
    assert {word for word, means in WORDS.items() if means is Outcome.PAID} == {
        *("APPROVED", "REFUNDED"),
    }


def test_a_refunded_payment_was_paid_and_says_what_went_back():
    data = state(payment_status="REFUNDED", payment_status_code=4, refund_amount=1.25)
    facts = answer_to(good(data)).facts
    assert (facts.amount, facts.refunded) == (usd("3.50"), usd("1.25"))
    data["refund_amount"] = 0
    assert said(answer_to(good(data))) == "garbled"


@pytest.mark.parametrize(
    "changes",
    [
        {"original_amount": None, "total_amount": None},
        {"original_amount": 0},
        {"original_amount": -3.5},
        {"original_amount": 3.505},
        {"original_amount": True},
        {"original_amount": "1,000"},
        {"apv": ...},
        {"apv": ""},
        {"transaction_date": ...},
        {"transaction_date": "2026-02-31 10:00:00"},
        {"transaction_date": "22/11/2026"},
        {"transaction_date": 1772125349000},
    ],
)
def test_money_that_cannot_be_read_whole_is_garbled(changes):
    assert said(answer_to(good(state(**changes)))) == "garbled"


def test_riel_have_no_decimals():
    assert said(answer_to(good(state(original_amount=4000.5)), question=KHR)) == "garbled"


def test_a_payment_that_waits_and_has_an_amount_is_no_plain_no():
    assert said(answer_to(good(pending(payment_amount=3.5)))) == "garbled"


@pytest.mark.parametrize("shape", ["beside", "inside", "flat"])
def test_the_status_may_stand_at_the_top_or_in_the_data(shape):
    whole = good()
    inside = {"data": {**whole["data"], "status": whole["status"]}}
    flat = {**whole["data"], "status": whole["status"]}
    document = {"beside": whole, "inside": inside, "flat": flat}[shape]
    assert said(answer_to(document)) == "paid"


@pytest.mark.parametrize("code", ["00", "0", 0])
def test_success_is_text_or_number(code):
    assert said(answer_to(good(code=code))) == "paid"


@pytest.mark.parametrize(
    ("code", "status", "meant"),
    [
        (6, 200, "not_found"),
        ("6", 200, "not_found"),
        (6, 403, "not_found"),
        (6, 500, "down"),
        (5, 500, "down"),
        (4711, 502, "down"),
        (5, 429, "busy"),
        (6, 400, "other"),
        (5, 403, "unauthorised"),
        (1, 403, "unauthorised"),
        (8, 403, "unauthorised"),
        (21, 403, "unauthorised"),
        (11, 200, "down"),
        (429, 403, "busy"),
        ("429", 200, "busy"),
        ("04", 400, "other"),
        (4711, 200, "other"),
        ("PTL99", 403, "other"),
        ("00", 500, "down"),
        ("00", 403, "forbidden"),
        ("00", 302, "garbled"),
        (True, 200, "garbled"),
        (None, 200, "garbled"),
        (1.5, 200, "garbled"),
        ("", 200, "garbled"),
        ({}, 200, "garbled"),
    ],
)
def test_a_code_means_the_same_as_text_and_as_number(code, status, meant):
    document = good(code=code) if code == "00" else no(code)
    assert said(answer_to(document, status)) == meant


def test_an_address_that_is_not_listed_is_no_missing_payment():
    assert said(answer_to(no(6, "Requested domain is not in whitelist."))) == "forbidden"


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"status":', "null", "7", b"\xff\xfe"])
@pytest.mark.parametrize(("status", "meant"), [(200, "garbled"), (403, "forbidden"), (502, "down")])
def test_what_is_no_answer_is_told_by_its_status(body, status, meant):
    assert said(answer_to(body, status)) == meant


def test_an_answer_about_another_payment_is_garbled():
    other = good() | {"status": {"code": "00", "tran_id": "261122-ZZZZZZZZZ"}}
    assert said(answer_to(other)) == "garbled"


def test_two_codes_that_differ_are_garbled():
    inside = state(status={"code": "6"})
    assert said(answer_to(good(inside))) == "garbled"


def test_whoever_asks_too_often_waits_a_minute_or_as_long_as_told():
    assert answer_to(no(429), 403).retry_after_seconds == 60
    assert answer_to(no(429), 429, Retry_After="7").retry_after_seconds == 7


@pytest.mark.parametrize(
    ("number", "word", "meant"),
    [(0, "approved", "paid"), (2, "pending", "not_found"), (3, "declined", "failed")]
    + [(6, "tran_id not found", "not_found"), (5, "wrong hash", "unauthorised")]
    + [(0, "pre-auth", "not_found"), (0, "something", "other"), (2, "approved", "garbled")],
)
def test_the_retired_check_is_read_too(number, word, meant):
    data = pending() if number == 2 else state()
    rest = {name: data[name] for name in data if not name.startswith("payment_status")}
    assert said(answer_to({"status": number, "description": word, **rest})) == meant


def test_every_trouble_has_a_sentence():
    for document, status in ((no(5), 403), (no(4711), 200), ("<html>", 502), ("", 200)):
        answer = answer_to(document, status)
        assert isinstance(answer.trouble, Trouble) and answer.says.endswith(".")
