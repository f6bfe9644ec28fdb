import base64
import hmac
import json
from typing import Any

import pytest

from pos.sandbox.payway.merchants import new_merchant
from pos.sandbox.payway.signing import RAW, SORTED, callback_signature, request_hash, signature
from pos.sandbox.payway.table import CALLS
from tests.sandbox.payway.conftest import RSA, VECTORS

Vector = dict[str, Any]

CIPHERTEXTS = RSA["ciphertexts"]


def of(*, callbacks: bool, expect: str = "") -> list[Any]:
    return [
        pytest.param(one, id=one["id"])
        for one in VECTORS
        if (one["endpoint"] == "callback") is callbacks
        and (not expect or (one["expect"] == "reject") is (expect == "reject"))
    ]


def is_signed(vector: Vector) -> bool:
    """What a receiver of the practice bank's callbacks reckons, with the bank's own hand."""
    raw, key = vector["raw_body"], vector["api_key"]
    if vector["style"] == "seed":
        wanted = signature(key, raw)
        return hmac.compare_digest(wanted, vector["headers"].get(RAW, ""))
    body = json.loads(raw)
    if not isinstance(body, dict):
        return False
    return hmac.compare_digest(callback_signature(key, body), vector["headers"].get(SORTED, ""))


def test_there_are_vectors_of_every_call() -> None:
    assert {one["endpoint"] for one in VECTORS} - {"callback"} == set(CALLS) - {"check-transaction"}


@pytest.mark.parametrize("vector", of(callbacks=False))
def test_request_has_the_hash_that_others_agree_on(vector: Vector) -> None:
    order = CALLS[vector["endpoint"]].order
    assert request_hash(vector["api_key"], order, vector["fields"]) == vector["hash"]


@pytest.mark.parametrize("vector", of(callbacks=False))
def test_every_hashed_field_counts(vector: Vector) -> None:
    order, fields = CALLS[vector["endpoint"]].order, vector["fields"]
    for name in fields:
        changed = request_hash(vector["api_key"], order, fields | {name: fields[name] + "x"})
        assert (changed == vector["hash"]) is (name not in order)


@pytest.mark.parametrize("vector", of(callbacks=True, expect="accept"))
def test_callback_is_signed_as_others_agree(vector: Vector) -> None:
    assert is_signed(vector)


@pytest.mark.parametrize("vector", of(callbacks=True, expect="reject"))
def test_callback_that_others_reject_is_not_signed(vector: Vector) -> None:
    assert not is_signed(vector)


@pytest.mark.parametrize("sample", CIPHERTEXTS, ids=lambda one: f"{one['peer']}-{one['bits']}")
def test_refund_that_others_sealed_is_unsealed(sample: Vector) -> None:
    key = RSA[f"rsa{sample['bits']}"]["private_pem"]
    merchant = new_merchant("shop01", private_key=key)
    assert (
        merchant.unseal(base64.b64decode(sample["merchant_auth"])).decode() == sample["plaintext"]
    )


def test_keys_do_not_show() -> None:
    merchant = new_merchant("shop01", api_key="very-secret")
    assert "very-secret" not in repr(merchant) and "PRIVATE" not in repr(merchant)
    assert merchant.public_key.startswith("-----BEGIN PUBLIC KEY-----")
