import json
import logging

import pytest

from pos.errors import GatewayError
from pos.gateways import open_gateway
from pos.gateways.payway.frame import hear
from pos.gateways.payway.merchant_auth import encrypt, read_refund_key
from pos.gateways.payway.redaction import kept_text
from pos.gateways.payway.signing import sign
from tests.gateways.payway.bodies import KEY, good, reply
from tests.gateways.payway.practice import merchant
from tests.gateways.requests import qr_request, usd

HASH = sign(KEY, b"text")
SEALED = encrypt("x", read_refund_key(merchant().public_key))
SECRETS = [KEY, HASH, SEALED, "0f" * 64, "v1-short-token"]
NAMES = ["hash", "Hash", "api_key", "token", "google_pay_token", "merchant_auth", "set-cookie"]
NAMES += ["X-PAYWAY-HMAC-SHA512", "X-PayWay-Signature", "signature", "pwt", "ctid", "password"]


def shows(text, secret):
    """Whether six characters of a secret in a row stand in the text."""
    return any(secret[at : at + 6] in text for at in range(len(secret) - 5))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_under_its_name_is_not_kept(name, secret):
    text = kept_text(reply({name: secret, "deeper": [{name: secret}], "tran_id": "T-kept"}))
    assert not shows(text, secret) and "T-kept" in text


@pytest.mark.parametrize("secret", [KEY, HASH, SEALED, "0f" * 64])
def test_a_secret_under_any_name_or_in_a_sentence_is_not_kept(secret):
    assert not shows(kept_text(reply({"message": f"Expected {secret}!"})), secret)


def test_a_cut_answer_keeps_no_part_of_a_secret():
    whole = json.dumps({"note": "kept", "hash": HASH})
    for end in range(len(whole)):
        assert not shows(kept_text(reply(whole[:end])), HASH)


def test_a_page_is_kept_as_its_size_only():
    page = f'<form><input name="hash" value="{HASH}"><input name="x" value="{KEY}"></form>'
    assert kept_text(reply(page)) == f"[no JSON, {len(page)} bytes]"


def test_a_picture_is_left_out_and_what_stands_behind_it_kept():
    picture = {"qrImage": "data:image/png;base64," + "QUJD" * 5000, "amount": 3.5}
    assert kept_text(reply(picture)) == '{"qrImage": "[picture]", "amount": 3.5}'


def test_an_ordinary_answer_is_kept_as_it_is():
    assert kept_text(reply(good())) == json.dumps(good())


def test_nothing_of_a_call_shows_its_key_or_its_hash(bank, caplog):
    caplog.set_level(logging.DEBUG)
    gateway = open_gateway(bank.account, seconds=2)
    qr = gateway.issue_qr(qr_request())
    bank.misbehave(set={"hash": HASH, "api_key": bank.account.token})
    told = [gateway, bank.account, gateway.check(qr.lookup), gateway.close(qr.lookup)]
    told += [gateway.refund(qr.lookup, usd("1")), gateway.list_paid(*[qr_request().made_at] * 2)]
    bank.refuse_key()
    told += [gateway.check(qr.lookup), hear("refund", reply(good()))]
    with pytest.raises(GatewayError) as caught:
        gateway.issue_qr(qr_request("T2"))
    text = repr(told) + repr(vars(caught.value)) + caplog.text
    assert not shows(text, bank.account.token) and not shows(text, HASH)
