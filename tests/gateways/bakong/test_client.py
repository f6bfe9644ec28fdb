from dataclasses import replace

import httpx
import pytest

from pos.errors import ConfigError
from pos.gateways import http, open_gateway
from pos.gateways.base import Trouble
from pos.sandbox import create_sandbox
from tests.gateways.bakong.practice import EMAIL, SHOP
from tests.gateways.requests import said, usd


def test_a_gateway_that_is_not_in_the_register_is_a_mistake_in_the_settings(bank):
    with pytest.raises(ConfigError, match="paypal"):
        open_gateway(replace(bank.account, gateway="paypal"))


@pytest.mark.parametrize(
    ("switches", "meant"),
    [
        ({"geo_403": True}, "forbidden"),
        ({"status": 429, "retry_after": 20}, "busy"),
        ({"status": 500}, "down"),
        ({"status": 504}, "down"),
        ({"status_body": 500}, "down"),
        ({"redirect": "http://127.0.0.1:9/"}, "garbled"),
        ({"unauthorised_200": True}, "unauthorised"),
        ({"token_expired": True}, "unauthorised"),
        ({"daily_limit": 0}, "quota"),
        ({"error_code": 9}, "down"),
        ({"error_code": 99}, "other"),
        ({"null_data": True}, "garbled"),
        ({"no_hash": True}, "garbled"),
        ({"without": ["amount"]}, "garbled"),
        ({"set": {"amount": True}}, "garbled"),
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
        ({"amount_text": True}, "paid"),
        ({"ms_float": True}, "paid"),
        ({"extra_fields": True}, "paid"),
        ({"no_error_code": True}, "paid"),
    ],
)
def test_a_paid_qr_under_every_fault_of_the_wire(gateway, bank, qr, switches, meant):
    bank.pay(qr.qr_string)
    bank.misbehave(**switches)
    assert said(gateway.check(qr.lookup)) == meant
    bank.behave()
    assert said(gateway.check(qr.lookup)) == "paid"


@pytest.mark.parametrize("pause", [0.05, 0.25])
def test_a_trickled_answer_is_silence_in_time(bank, qr, pause):
    bank.misbehave(trickle=pause)
    assert said(open_gateway(bank.account, seconds=0.4).check(qr.lookup)) == "silent"


def test_wrong_money_is_reported_as_it_is(gateway, bank, qr):
    bank.pay(qr.qr_string, amount="0.01", to_account="thief@bank")
    facts = gateway.check(qr.lookup).facts
    assert (facts.amount, facts.receiver) == (usd("0.01"), "thief@bank")


def test_money_that_went_back_keeps_its_tracking_word(gateway, bank, qr):
    bank.pay(qr.qr_string)
    bank.misbehave(tracking_status="REFUNDED_BY_RECEIVER")
    assert gateway.check(qr.lookup).facts.tracking == "REFUNDED_BY_RECEIVER"


@pytest.mark.parametrize("lookup", ["", "x", "A" * 32, "g" * 32, "a" * 33, "a" * 32 + "\n"])
def test_what_is_no_md5_is_not_asked(gateway, bank, lookup):
    assert said(gateway.check(lookup)) == said(gateway.check_many([lookup])[lookup]) == "other"
    assert bank.asked() == []


def test_trouble_is_told_apart_from_what_was_said(gateway, bank, qr):
    bank.misbehave(status=429, retry_after=20)
    answer = gateway.check(qr.lookup)
    assert (answer.trouble, answer.retry_after_seconds) == (Trouble.BUSY, 20)
    assert answer.http_status == 429 and "429" in answer.raw


@pytest.mark.parametrize(("switches", "meant"), [({}, "paid"), ({"drop": True}, "silent")])
def test_the_bank_may_stand_in_the_same_process(bank, qr, tmp_path, switches, meant):
    app = create_sandbox(ledger_path=tmp_path / "bank.db", accounts=[SHOP], emails=[EMAIL])
    bank.pay(qr.qr_string)
    app.test_client().post("/sandbox/faults", json=switches)
    http.use(http.Wire(httpx.WSGITransport(app)))
    assert said(open_gateway(bank.account).check(qr.lookup)) == meant
