import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pos import clock
from pos.errors import (
    GatewayGarbled,
    GatewayRejected,
    GatewaySilent,
    GatewayUnreachable,
)
from pos.gateways import open_gateway
from pos.gateways.base import AccountStatus
from tests.gateways import wire
from tests.gateways.bakong.bodies import paid
from tests.gateways.bakong.practice import EMAIL
from tests.gateways.requests import NOW, said


def test_a_renewed_key_works_and_says_when_it_ends(gateway, bank, qr):
    bank.http.delete("/sandbox/tokens")
    assert said(gateway.check(qr.lookup)) == "unauthorised"
    token = gateway.renew_token()
    assert token.expires_at == NOW + timedelta(days=90) and token.value not in repr(token)
    renewed = open_gateway(replace(bank.account, token=token.value))
    assert said(renewed.check(qr.lookup)) == "not_found"


def test_a_key_past_its_end_is_refused(gateway, qr):
    clock.use(lambda: NOW + timedelta(days=91))
    assert said(gateway.check(qr.lookup)) == "unauthorised"


def test_an_address_that_is_not_registered_gets_no_key(bank):
    gateway = open_gateway(replace(bank.account, token_email="other@example.com"))
    with pytest.raises(GatewayRejected) as caught:
        gateway.renew_token()
    assert caught.value.code == "10"


def test_without_an_address_no_key_is_asked_for(bank):
    with pytest.raises(GatewayRejected, match="e-mail"):
        open_gateway(replace(bank.account, token_email=" ")).renew_token()
    assert bank.asked() == []


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ({"status": 503}, GatewaySilent),
        ({"status": 429}, GatewaySilent),
        ({"drop": True}, GatewaySilent),
        ({"error_code": 17}, GatewaySilent),
        ({"geo_403": True}, GatewayRejected),
        ({"truncated": True}, GatewayGarbled),
        ({"null_data": True}, GatewayGarbled),
        ({"body": json.dumps(paid(data={"token": "not-a-key"}))}, GatewayGarbled),
        ({"body": json.dumps(paid(data={"token": None}))}, GatewayGarbled),
    ],
)
def test_a_key_that_did_not_come_says_whether_it_may_have_been_made(gateway, bank, switches, error):
    bank.misbehave(**switches)
    with pytest.raises(error) as caught:
        gateway.renew_token()
    assert type(caught.value) is error and bank.account.token not in repr(caught.value.raw)


def test_renewing_where_nobody_listens_is_unreachable(bank):
    account = replace(bank.account, base_url="http://127.0.0.1:1", token_email=EMAIL)
    with pytest.raises(GatewayUnreachable):
        open_gateway(account).renew_token()


def test_a_new_key_is_not_kept_in_what_was_heard(bank):
    body = paid(data={"token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}, responseCode=1, errorCode=5)
    with wire.bank(wire.send(wire.message(json.dumps(body).encode()))) as odd:
        with pytest.raises(GatewayRejected) as caught:
            open_gateway(replace(bank.account, base_url=odd.url)).renew_token()
    assert "eyJ" not in caught.value.raw and "[key]" in caught.value.raw


@pytest.mark.parametrize(
    ("account_id", "status"),
    [
        ("angkor_coffee@aclb", AccountStatus.EXISTS),
        ("nobody@aclb", AccountStatus.MISSING),
        ("nobody", AccountStatus.MALFORMED),
    ],
)
def test_a_receiving_account_is_known_or_not(bank, account_id, status):
    account = replace(bank.account, account_id=account_id)
    assert open_gateway(account).check_account() is status


@pytest.mark.parametrize("switches", [{"status": 404}, {"status": 503}, {"drop": True}])
def test_an_account_that_could_not_be_asked_about_is_unknown(gateway, bank, switches):
    bank.misbehave(**switches)
    assert gateway.check_account() is AccountStatus.UNKNOWN


def test_a_deep_link_leads_to_the_bank_and_costs_no_key(gateway, bank, qr):
    link = gateway.deep_link(qr.qr_string, "https://shop.example/back?sale=1")
    assert link.startswith(bank.account.base_url)
    assert [call["token_known"] for call in bank.http.get("/sandbox/calls").json()] == [None]
    assert gateway.deep_link(qr.qr_string, "") != ""


@pytest.mark.parametrize("switches", [{"status": 503}, {"error_code": 4}, {"null_data": True}])
def test_no_deep_link_is_no_trouble(gateway, bank, qr, switches):
    bank.misbehave(**switches)
    assert gateway.deep_link(qr.qr_string, "") == ""


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a b", "https://" + "x" * 600, "", 7, None, []]
)
def test_a_deep_link_that_is_no_web_address_is_none(bank, link):
    answer = wire.message(json.dumps(paid(data={"shortLink": link})).encode())
    with wire.bank(wire.send(answer)) as odd:
        gateway = open_gateway(replace(bank.account, base_url=odd.url))
        assert gateway.deep_link("00020101", "") == ""


@pytest.mark.parametrize("token", ["two words", "ឯក", "line\nbreak"])
def test_a_key_that_cannot_be_one_is_not_sent(bank, qr, token):
    gateway = open_gateway(replace(bank.account, token=token))
    assert said(gateway.check(qr.lookup)) == "unauthorised" and bank.asked() == []


def test_a_key_pasted_with_a_line_end_works(bank, qr):
    gateway = open_gateway(replace(bank.account, token=f" {bank.account.token}\n"))
    assert said(gateway.check(qr.lookup)) == "not_found"
