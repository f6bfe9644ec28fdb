import json

import pytest

from pos.errors import BadSignature, GatewayGarbled
from pos.gateways.payway.callbacks import (
    MOST_BYTES,
    RAW_BODY,
    SORTED_VALUES,
    read_hint,
    signed_text,
    verify,
)
from pos.gateways.payway.signing import sign

KEY = "canary-key"
DOCUMENT = {"tran_id": "261122-ABC", "apv": "502809", "status": "0", "return_params": "x y"}
BODY = json.dumps(DOCUMENT).encode()
SORTED = sign(KEY, signed_text(DOCUMENT))
RAW = sign(KEY, BODY)


def test_a_signed_body_hints_at_a_payment_of_ours():
    hint = verify({SORTED_VALUES: SORTED}, BODY, KEY)
    assert (hint.tran_id, hint.names, hint.status) == ("261122-ABC", ("261122-ABC",), "0")


def test_the_name_of_a_header_has_no_case():
    assert verify({"x-payway-hmac-sha512": SORTED}, BODY, KEY).tran_id
    assert verify({"x-payway-signature": RAW}, BODY, KEY, takes_raw_style=True).tran_id


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SORTED_VALUES: ""},
        {SORTED_VALUES: SORTED[:-1]},
        {SORTED_VALUES: SORTED.lower()},
        {SORTED_VALUES: SORTED.replace("+", "-").replace("/", "_") + "=="},
        {SORTED_VALUES: "ហត្ថលេខា"},
        {SORTED_VALUES: RAW},
        {RAW_BODY: SORTED},
        {RAW_BODY: ""},
        {SORTED_VALUES: SORTED, RAW_BODY: SORTED},
        {SORTED_VALUES: RAW, RAW_BODY: RAW},
    ],
)
def test_the_header_chooses_the_style_and_both_must_be_right(headers):
    with pytest.raises(BadSignature):
        verify(headers, BODY, KEY, takes_raw_style=True)


def test_both_styles_right_are_right():
    assert verify({SORTED_VALUES: SORTED, RAW_BODY: RAW}, BODY, KEY, takes_raw_style=True).tran_id


def test_the_raw_style_is_off_unless_it_is_taken():
    for headers in ({RAW_BODY: RAW}, {SORTED_VALUES: SORTED, RAW_BODY: RAW}):
        with pytest.raises(BadSignature, match="not taken"):
            verify(headers, BODY, KEY)


def test_an_empty_key_proves_nothing():
    with pytest.raises(BadSignature, match="no key"):
        verify({SORTED_VALUES: sign("", signed_text(DOCUMENT))}, BODY, "")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"tran_id=1", b"\xff", b'{"a":1,"a":1}', b'{"a":NaN}', b'{"a":1e999}']
    + [b'{"a":' + b"9" * 400 + b"}", b'{"a":"\\ud800"}', b'{"a":' + b"[" * 99 + b"]" * 99 + b"}"]
    + [b'{"a":"' + b"x" * MOST_BYTES + b'"}'],
)
def test_a_body_that_can_be_read_in_two_ways_is_garbled(body):
    with pytest.raises(GatewayGarbled):
        verify({SORTED_VALUES: SORTED}, body, KEY)


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"tran_id": 17425401324}, ("17425401324",)),
        ({"transaction_id": "0000AB", "merchant_ref": "INV-1"}, ("INV-1",)),
        ({"tran_id": "bank-own", "return_params": "261122-ABC"}, ("bank-own", "261122-ABC")),
        ({"tran_id": "261122-ABC", "return_params": "261122-ABC"}, ("261122-ABC",)),
        ({"tran_id": "../../etc"}, ()),
        ({"tran_id": True, "return_params": {"a": 1}}, ()),
        ({"tran_id": "1" * 21}, ()),
        ({}, ()),
    ],
)
def test_our_number_is_looked_for_where_it_may_stand(document, names):
    hint = read_hint(json.dumps(document).encode())
    assert (hint.names, hint.tran_id) == (names, names[0] if names else "")


def test_neither_key_nor_signature_stands_in_what_is_raised():
    with pytest.raises(BadSignature) as caught:
        verify({SORTED_VALUES: RAW}, BODY, KEY)
    assert not any(secret in repr(caught.value) for secret in (KEY, SORTED, RAW))
