"""Every published and generated case, against the official kit's answer.

`KHQR_VECTORS` names another file of the same form.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pos.clock import from_epoch_ms
from pos.khqr import KhqrError, decode, encode, is_payable, md5_of
from tests.khqr.sdk_input import DECODED, payload_of

Case = dict[str, Any]

HERE = Path(__file__).parent.parent / "data" / "khqr.json"
CASES: list[Case] = json.loads(Path(os.environ.get("KHQR_VECTORS") or HERE).read_text("utf-8"))


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in kinds]


def written(case: Case) -> dict[str, Any]:
    payload = payload_of(case["kind"], case["input"])
    try:
        qr = encode(payload, now=from_epoch_ms(case["now_ms"]))
    except KhqrError as error:
        return {"error_code": error.code, "error_message": error.message}
    return {"qr": qr, "md5": md5_of(qr)}


@pytest.mark.parametrize("case", of_kind("individual", "merchant"))
def test_writes_what_the_official_kit_writes(case: Case) -> None:
    assert written(case) == case["expect"]


@pytest.mark.parametrize("case", of_kind("verify"))
def test_judges_as_the_official_kit_judges(case: Case) -> None:
    now = from_epoch_ms(case["now_ms"])
    assert is_payable(case["input"]["qr"], now=now) == case["expect"]["valid"]


@pytest.mark.parametrize("case", of_kind("decode"))
def test_reads_what_the_official_kit_reads(case: Case) -> None:
    decoded = decode(case["input"]["qr"])
    read = {theirs: getattr(decoded, ours) for theirs, ours in DECODED.items()}
    assert read == case["expect"]


def test_knows_every_kind_of_case() -> None:
    assert {case["kind"] for case in CASES} <= {"individual", "merchant", "verify", "decode"}
