"""Where the official kit is lax or broken: each case by what is recommended instead.

`KHQR_QUIRKS` names another file of the same form.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from pos.clock import from_epoch_ms
from pos.khqr import KhqrError, decode, encode, is_intact, is_payable, verify
from pos.khqr.errors import ExpiryMissing, TemplateTooLong
from tests.khqr.sdk_input import payload_of

Case = dict[str, Any]

HERE = Path(__file__).parent.parent / "data" / "khqr-quirks.json"
QUIRKS: list[Case] = json.loads(Path(os.environ.get("KHQR_QUIRKS") or HERE).read_text("utf-8"))

WRITE, VERIFY, READ = ("individual", "merchant"), ("verify",), ("decode",)
BLANK_MAY_GO = "treat as absent or reject"
WARN_ONLY = ("require KH when generating; warn", "generate: reject; verify: accept")
NO_EXPIRY = 'when only reading, report "no expiry"'
SKIPPED = "ignore unknown sub-tags"


def quirks(kinds: tuple[str, ...], *advice: str, without: tuple[str, ...] = ()) -> list[Any]:
    def fits(case: Case) -> bool:
        given = case["recommended"]
        return given.startswith(advice or "") and not given.startswith(without or "\0")

    return [pytest.param(c, id=c["id"]) for c in QUIRKS if c["kind"] in kinds and fits(c)]


def codes_advised(advice: str) -> set[int]:
    named = re.search(r"code (\d+)(?:(?: or |/)(\d+))?", advice)
    return {int(number) for number in named.groups() if number} if named else set()


def write(case: Case) -> str:
    payload = payload_of(case["kind"], case["input"])
    return encode(payload, now=from_epoch_ms(case["now_ms"]))


@pytest.mark.parametrize("case", quirks(WRITE, without=(BLANK_MAY_GO,)))
def test_refuses_to_write_it_and_says_the_code_advised(case: Case) -> None:
    with pytest.raises(KhqrError) as caught:
        write(case)
    advised = codes_advised(case["recommended"])
    assert not advised or caught.value.code in advised
    assert ("template" in case["recommended"]) == isinstance(caught.value, TemplateTooLong)


@pytest.mark.parametrize("case", quirks(WRITE, BLANK_MAY_GO))
def test_leaves_a_blank_text_out(case: Case) -> None:
    said = {name: text for name, text in case["input"].items() if not str(text).isspace()}
    assert write(case) == write({**case, "input": said})


@pytest.mark.parametrize("case", quirks(VERIFY, without=(*WARN_ONLY, NO_EXPIRY)))
def test_does_not_let_it_be_paid(case: Case) -> None:
    with pytest.raises(KhqrError):
        verify(case["input"]["qr"], now=from_epoch_ms(case["now_ms"]))


@pytest.mark.parametrize("case", quirks(VERIFY, *WARN_ONLY))
def test_lets_what_is_merely_odd_be_paid(case: Case) -> None:
    assert is_payable(case["input"]["qr"], now=from_epoch_ms(case["now_ms"]))


@pytest.mark.parametrize("case", quirks(VERIFY, NO_EXPIRY))
def test_calls_a_code_of_a_bank_without_expiry_intact(case: Case) -> None:
    assert is_intact(case["input"]["qr"])
    with pytest.raises(ExpiryMissing):
        verify(case["input"]["qr"], now=from_epoch_ms(case["now_ms"]))


@pytest.mark.parametrize("case", quirks(READ, without=(SKIPPED,)))
def test_refuses_to_read_it(case: Case) -> None:
    with pytest.raises(KhqrError):
        decode(case["input"]["qr"])


@pytest.mark.parametrize("case", quirks(READ, SKIPPED))
def test_reads_past_what_it_does_not_know(case: Case) -> None:
    expected = case["sdk"]["data"]
    assert decode(case["input"]["qr"]).bakong_account_id == expected["bakongAccountID"]
    assert decode(case["input"]["qr"]).bill_number is expected["billNumber"] is None


def test_knows_every_kind_of_quirk() -> None:
    assert {case["kind"] for case in QUIRKS} <= {*WRITE, *VERIFY, *READ}
