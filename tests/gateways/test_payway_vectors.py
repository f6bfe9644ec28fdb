"""Every hash and signature that several independent programs agree on.

`PAYWAY_VECTORS` names another file of the same form.
"""

import json
import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from pos.errors import BadSignature, GatewayGarbled
from pos.gateways.payway import callbacks
from pos.gateways.payway.merchant_auth import encrypt, read_refund_key
from pos.gateways.payway.signing import ORDERS, PATHS, hash_input, sign, signed

Case = dict[str, Any]

DATA = Path(__file__).parent.parent / "data"
HERE = Path(os.environ.get("PAYWAY_VECTORS") or DATA / "payway.json")
CASES: list[Case] = json.loads(HERE.read_text("utf-8"))["vectors"]
KEYS: Case = json.loads((DATA / "payway-rsa.json").read_text("utf-8"))

REQUESTS = [case for case in CASES if case["endpoint"] != "callback"]
CALLBACKS = [case for case in CASES if case["endpoint"] == "callback"]


def called(cases: list[Case]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in cases]


def verdict(case: Case, *, key: str | None = None) -> str:
    """Whether the signature is taken: "taken", or why not."""
    body, own = case["raw_body"].encode(), key or case["api_key"]
    try:
        callbacks.verify(case["headers"], body, own, takes_raw_style=True)
    except (BadSignature, GatewayGarbled) as error:
        return type(error).__name__
    return "taken"


@pytest.mark.parametrize("case", called(REQUESTS))
def test_a_request_is_hashed_as_others_hash_it(case: Case) -> None:
    call, fields = case["endpoint"], case["fields"]
    assert f"/{PATHS[call]}" == case["path"]
    assert hash_input(call, fields) == case["hash_input_string"]
    assert signed(call, fields, case["api_key"]) == {**fields, "hash": case["hash"]}


@pytest.mark.parametrize("case", called(REQUESTS))
def test_the_order_in_which_fields_are_given_changes_nothing(case: Case) -> None:
    backwards = dict(reversed(case["fields"].items()))
    assert signed(case["endpoint"], backwards, case["api_key"])["hash"] == case["hash"]


@pytest.mark.parametrize("case", called(REQUESTS))
def test_any_other_text_has_another_hash(case: Case) -> None:
    call, fields = case["endpoint"], case["fields"]
    for name in set(ORDERS[call]) & fields.keys():
        other = {**fields, name: fields[name] + "0"}
        assert signed(call, other, case["api_key"])["hash"] != case["hash"]
    assert sign(case["api_key"] + "x", hash_input(call, fields).encode()) != case["hash"]


@pytest.mark.parametrize("case", called(CALLBACKS))
def test_a_callback_is_taken_or_refused_as_it_should_be(case: Case) -> None:
    is_refused = case["expect"] == "reject"
    assert (verdict(case) != "taken") is is_refused


@pytest.mark.parametrize("case", called(CALLBACKS))
def test_no_callback_is_taken_with_another_key(case: Case) -> None:
    assert verdict(case, key=case["api_key"] + "x") != "taken"


@pytest.mark.parametrize(
    "case",
    called([one for one in CALLBACKS if one["style"] == "payway" and "hash_input_string" in one]),
)
def test_the_signed_text_is_the_values_as_php_writes_them(case: Case) -> None:
    document = callbacks.strict_json.read(case["raw_body"].encode())
    assert isinstance(document, dict)
    assert callbacks.signed_text(document).decode() == case["hash_input_string"]


@pytest.mark.parametrize("sample", KEYS["ciphertexts"], ids=lambda one: f"{one['bits']}-{one['n']}")
def test_what_others_sealed_for_a_refund_is_what_we_would_seal(sample: Case) -> None:
    pair = KEYS[f"rsa{sample['bits']}"]
    ours = encrypt(sample["plaintext"], read_refund_key(pair["public_pem"]))
    assert opened(ours, pair) == opened(sample["merchant_auth"], pair) == sample["plaintext"]
    assert len(ours) == len(sample["merchant_auth"])


def opened(sealed: str, pair: Case) -> str:
    key: Any = load_pem_private_key(pair["private_pem"].encode(), None)
    raw, size = b64decode(sealed, validate=True), key.key_size // 8
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    return b"".join(key.decrypt(piece, PKCS1v15()) for piece in pieces).decode()


def test_knows_every_kind_of_case() -> None:
    assert {case["endpoint"] for case in CASES} <= {*ORDERS, "callback"}
    assert {case["expect"] for case in CALLBACKS} <= {
        *("accept", "reject", "signature-valid-but-must-not-mark-paid"),
    }
