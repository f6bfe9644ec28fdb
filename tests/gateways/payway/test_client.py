from dataclasses import replace

import pytest

from pos.gateways import open_gateway
from pos.gateways.base import AccountStatus, Outcome, Trouble
from pos.gateways.payway.signing import PATHS
from tests.gateways.requests import khr, qr_request, said, usd


@pytest.mark.parametrize(
    ("switches", "meant"),
    [
        ({"geo_403": True}, "forbidden"),
        ({"status": 429, "retry_after": 20}, "busy"),
        ({"status": 500}, "down"),
        ({"status_body": 500}, "down"),
        ({"status_body": 403}, "forbidden"),
        ({"redirect": "http://127.0.0.1:9/"}, "garbled"),
        ({"checkout_page": True}, "garbled"),
        ({"payway_code": "1"}, "unauthorised"),
        ({"payway_code": "5", "codes": "text"}, "unauthorised"),
        ({"payway_code": "6"}, "forbidden"),
        ({"payway_code": "8"}, "unauthorised"),
        ({"payway_code": "11", "always_200": True}, "down"),
        ({"payway_code": "429"}, "busy"),
        ({"payway_code": "04"}, "other"),
        ({"payway_code": "PTL99"}, "other"),
        ({"null_data": True}, "garbled"),
        ({"no_hash": True}, "garbled"),
        ({"no_error_code": True}, "garbled"),
        ({"without": ["original_amount", "total_amount"]}, "garbled"),
        ({"without": ["transaction_date"]}, "garbled"),
        ({"set": {"original_amount": True}}, "garbled"),
        ({"payment_status": "PENDING"}, "not_found"),
        ({"payment_status": "PRE-AUTH"}, "not_found"),
        ({"payment_status": "DECLINDED"}, "failed"),
        ({"payment_status": "HALF-PAID"}, "other"),
        ({"lag": 10}, "not_found"),
        ({"nan_amount": True}, "garbled"),
        ({"big_amount": True}, "garbled"),
        ({"duplicate_keys": True}, "garbled"),
        ({"charset": "utf-16"}, "garbled"),
        ({"truncated": True}, "garbled"),
        ({"huge_body": 200_000}, "garbled"),
        ({"gzip_bomb": 50_000_000}, "garbled"),
        ({"body": "[]"}, "garbled"),
        ({"cut": True}, "silent"),
        ({"drop": True}, "silent"),
        ({"wrong_currency": True}, "paid"),
        ({"amount_text": True}, "paid"),
        ({"codes": "number"}, "paid"),
        ({"success_code": "0"}, "paid"),
        ({"status_in_data": True}, "paid"),
        ({"flat_data": True}, "paid"),
        ({"extra_fields": True}, "paid"),
    ],
)
def test_a_paid_qr_under_every_fault_of_the_wire(gateway, bank, qr, switches, meant):
    bank.pay(qr.qr_string)
    bank.misbehave(**switches)
    assert said(gateway.check(qr.lookup)) == meant
    bank.behave()
    assert said(gateway.check(qr.lookup)) == "paid"


def test_a_payer_may_pay_in_the_other_currency(gateway, bank):
    qr = gateway.issue_qr(qr_request(amount=khr("4000")))
    bank.pay(qr.qr_string, amount="1.00", currency="USD")
    assert gateway.check(qr.lookup).facts.amount == khr("4000")


def test_money_that_went_back_at_the_bank_is_told(gateway, bank, qr):
    bank.pay(qr.qr_string)
    bank.give_back("T1122-000001", "1.25")
    facts = gateway.check(qr.lookup).facts
    assert (facts.amount, facts.refunded) == (usd("3.50"), usd("1.25"))


def test_a_host_that_has_the_retired_check_only_is_asked_that(gateway, bank, qr):
    bank.pay(qr.qr_string)
    path = f"/{PATHS['check-transaction-2']}"
    bank.misbehave(status=404, path=path)
    assert [said(gateway.check(qr.lookup)) for _ in range(2)] == ["paid", "paid"]
    asked = [call for call in bank.asked() if call.startswith("check")]
    assert asked == ["check-transaction-2", "check-transaction", "check-transaction"]


@pytest.mark.parametrize("lookup", ["", "x", "T1:EUR", "T 1:USD", "T1:USD\n", "T" * 21 + ":USD"])
def test_what_is_no_number_of_ours_is_not_asked(gateway, bank, lookup):
    assert gateway.check(lookup).trouble is Trouble.OTHER
    assert bank.asked() == []


def test_without_a_key_nothing_is_sent(bank, qr):
    keyless = open_gateway(replace(bank.account, token=" "), seconds=2)
    before = bank.asked()
    assert keyless.check(qr.lookup).trouble is Trouble.UNAUTHORISED
    assert bank.asked() == before


def test_the_account_is_there_when_merchant_and_key_are_a_pair(gateway, bank):
    assert gateway.check_account() is AccountStatus.EXISTS
    stranger = open_gateway(replace(bank.account, account_id="ec999999"), seconds=2)
    assert stranger.check_account() is AccountStatus.MISSING
    bank.refuse_key()
    assert gateway.check_account() is AccountStatus.UNKNOWN


def test_many_stop_at_trouble_that_is_not_of_one_answer_alone(gateway, bank, qr):
    bank.misbehave(payway_code="429")
    before = len(bank.asked())
    answers = gateway.check_many([qr.lookup, "T2:USD", "T3:USD"])
    assert {answer.trouble for answer in answers.values()} == {Trouble.BUSY}
    assert len(bank.asked()) == before + 1


def test_an_account_of_another_merchant_sees_none_of_our_payments(bank, qr):
    bank.pay(qr.qr_string)
    other = {"merchant_id": "ec000001", "api_key": "k2"}
    bank.http.post("/sandbox/payway/merchants", json=other).raise_for_status()
    stranger = replace(bank.account, account_id="ec000001", token="k2")
    assert open_gateway(stranger, seconds=2).check(qr.lookup).outcome is Outcome.NOT_FOUND
