import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from pos import clock
from pos.errors import (
    GatewayError,
    GatewayGarbled,
    GatewayRejected,
    GatewaySilent,
    GatewayUnreachable,
)
from pos.gateways import open_gateway
from pos.gateways.payway.making import lifetime_minutes, says
from pos.khqr import decode_tlv
from tests.gateways import wire
from tests.gateways.payway.practice import MERCHANT_ID
from tests.gateways.requests import NOW, khr, qr_request, usd


def opened(bank, **changes):
    return open_gateway(replace(bank.account, **changes), seconds=2)


def sent(bank):
    """The one request that a bank on the wire has read, as JSON."""
    return json.loads(bank.heard[0].partition(b"\r\n\r\n")[2])


def test_a_qr_asks_for_the_amount_and_leads_into_the_app(gateway, bank):
    qr = gateway.issue_qr(qr_request(amount=khr("4000")))
    values = {node.tag: node.value for node in decode_tlv(qr.qr_string)}
    assert (values["53"], values["54"]) == ("116", "4000.00")
    assert (qr.lookup, qr.receiver) == ("T1122-000001:KHR", MERCHANT_ID)
    assert qr.deep_link == gateway.deep_link(qr.qr_string, "")
    assert qr.deep_link.startswith("abamobilebank://ababank.com?type=payway&qrcode=000201")


@pytest.mark.parametrize("option", ["abapay_khqr_deeplink", "bakong"])
def test_a_shop_may_have_purchase_instead(bank, option):
    qr = opened(bank, payment_option=option).issue_qr(qr_request())
    assert bank.asked() == ["purchase"] and says(qr.qr_string, usd("3.50"))


@pytest.mark.parametrize(
    "switches", [{"other_case": True}, {"success_code": "00"}, {"codes": "number"}]
)
def test_both_spellings_and_every_kind_of_success_are_read(gateway, bank, switches):
    bank.misbehave(**switches)
    assert gateway.issue_qr(qr_request()).qr_string


@pytest.mark.parametrize(("amount", "text"), [(usd("3.50"), "3.50"), (khr("15000"), "15000")])
def test_every_value_is_sent_as_text_and_in_full(bank, amount, text):
    with wire.bank(wire.send(wire.message())) as listener, pytest.raises(GatewayGarbled):
        shop = opened(bank, base_url=listener.url, callback_url="https://shop.example/x")
        shop.issue_qr(qr_request(amount=amount))
    body = sent(listener)
    assert (body["amount"], body["lifetime"], body["req_time"]) == (text, "5", "20261122080000")
    assert body["callback_url"] == b64encode(b"https://shop.example/x").decode()
    assert all(isinstance(value, str) and value for value in body.values())


@pytest.mark.parametrize(
    ("code", "kind"),
    [("1", GatewayRejected), ("6", GatewayRejected), ("8", GatewayRejected)]
    + [("32", GatewayRejected), ("44", GatewayRejected), ("102", GatewayRejected)]
    + [("4", GatewaySilent), ("403", GatewaySilent), ("4711", GatewayRejected)],
)
def test_a_refusal_says_why_and_a_number_used_before_is_no_plain_no(gateway, bank, code, kind):
    bank.misbehave(payway_code=code)
    with pytest.raises(kind) as caught:
        gateway.issue_qr(qr_request())
    assert (caught.value.code, str(caught.value)[-1]) == (code, ".")


@pytest.mark.parametrize(
    ("switches", "kind"),
    [
        ({"status": 502}, GatewaySilent),
        ({"hang": 3}, GatewaySilent),
        ({"drop": True}, GatewaySilent),
    ]
    + [({"status_body": 500}, GatewaySilent), ({"truncated": True}, GatewayGarbled)]
    + [({"checkout_page": True}, GatewayGarbled), ({"redirect": "/x"}, GatewayGarbled)]
    + [({"set": {"qrString": 7}}, GatewayGarbled), ({"without": ["qrString"]}, GatewayGarbled)]
    + [
        ({"set": {"qrString": "000201"}}, GatewayGarbled),
        ({"huge_body": 1_200_000}, GatewayGarbled),
    ]
    + [({"geo_403": True}, GatewayRejected), ({"status": 429}, GatewayRejected)],
)
def test_what_is_no_clear_no_may_have_been_made(gateway, bank, switches, kind):
    bank.misbehave(**switches)
    with pytest.raises(GatewayError) as caught:
        gateway.issue_qr(qr_request())
    assert type(caught.value) is kind


def test_a_picture_of_half_a_megabyte_is_read(gateway, bank):
    bank.misbehave(huge_body=600_000)
    assert gateway.issue_qr(qr_request()).qr_string


def test_a_bank_that_is_not_there_was_sent_nothing(bank):
    with pytest.raises(GatewayUnreachable):
        opened(bank, base_url="http://127.0.0.1:1").issue_qr(qr_request())


def test_a_qr_over_another_amount_is_never_shown(gateway, bank, qr):
    assert says(qr.qr_string, usd("3.50"))
    assert not says(qr.qr_string, usd("3.51")) and not says(qr.qr_string, khr("350"))
    bank.misbehave(set={"qrString": qr.qr_string})
    with pytest.raises(GatewayGarbled, match="something else"):
        gateway.issue_qr(qr_request("T2", amount=usd("7")))


@pytest.mark.parametrize("change", [{"payment_option": "cards"}, {}])
def test_what_payway_would_refuse_is_not_sent(bank, change):
    amount = usd("1") if change else khr("99")
    with pytest.raises(GatewayRejected):
        opened(bank, **change).issue_qr(qr_request(amount=amount))
    assert bank.asked() == []


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-5, 3), (60, 3), (300, 5), (301, 6), (9e6, 43200)]
)
def test_a_life_is_whole_minutes_within_bounds(seconds, minutes):
    clock.use(lambda: NOW)
    assert lifetime_minutes(NOW + timedelta(seconds=seconds)) == minutes
