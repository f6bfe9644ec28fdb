import gzip
import json
import time

import httpx
import pytest

from tests.sandbox.conftest import Caller
from tests.sandbox.qrs import make_qr


def body_of(bank: Caller) -> bytes:
    with bank.http.stream("POST", "/v1/check_bakong_account", json={"accountId": "x"}) as answer:
        return b"".join(answer.iter_raw())


def test_truncated_answer_claims_to_be_whole(bank: Caller) -> None:
    bank.misbehave(truncated=True)
    answer = bank.check(make_qr())
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_huge_answer_is_good_json_with_much_around(bank: Caller) -> None:
    bank.misbehave(huge_body=3_000_000)
    answer = bank.check(make_qr())
    assert len(answer.content) == 3_000_000
    assert answer.json()["errorCode"] == 1


def test_gzip_bomb_is_small_on_the_wire(bank: Caller) -> None:
    bank.misbehave(gzip_bomb=10_000_000)
    packed = body_of(bank)
    assert len(packed) < 20_000
    assert len(gzip.decompress(packed)) == 10_000_000


def test_delay_comes_before_the_headers(far_bank: Caller) -> None:
    far_bank.misbehave(delay=0.3)
    with pytest.raises(httpx.ReadTimeout):
        far_bank.http.post("/v1/check_bakong_account", json={}, timeout=0.1)
    started = time.monotonic()
    assert far_bank.check(make_qr()).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_trickle_beats_a_read_timeout(far_bank: Caller) -> None:
    far_bank.misbehave(trickle=0.01)
    started = time.monotonic()
    body = {"accountId": "x"}
    answer = far_bank.http.post("/v1/check_bakong_account", json=body, timeout=0.2)
    assert answer.json()["errorCode"] == 12
    assert time.monotonic() - started > 0.5


def test_dropped_connection_gives_no_answer_but_is_remembered(far_bank: Caller) -> None:
    far_bank.misbehave(drop=True, calls=1)
    with pytest.raises(httpx.RemoteProtocolError):
        far_bank.check(make_qr())
    assert far_bank.check(make_qr()).status_code == 200
    assert [call["faults"][-1] for call in far_bank.calls()] == ["drop", "md5_list_403"]


def test_hang_ends_without_an_answer(far_bank: Caller) -> None:
    far_bank.misbehave(hang=0.2, calls=1)
    started = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError):
        far_bank.check(make_qr())
    assert 0.2 < time.monotonic() - started < 3


def test_hang_outlasts_a_callers_patience(far_bank: Caller) -> None:
    far_bank.misbehave(hang=0.5, calls=1)
    with pytest.raises(httpx.ReadTimeout):
        far_bank.http.post("/v1/check_bakong_account", json={}, timeout=0.1)


def test_cut_answer_ends_before_its_length(far_bank: Caller) -> None:
    far_bank.misbehave(cut=True, calls=1)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        far_bank.check(make_qr())
    assert far_bank.check(make_qr()).status_code == 200


def test_drop_in_process_is_a_reset(bank: Caller) -> None:
    bank.misbehave(drop=True, calls=1)
    with pytest.raises(ConnectionResetError):
        bank.check(make_qr())


def test_control_and_phone_are_never_spoilt(bank: Caller) -> None:
    bank.misbehave(drop=True, status=500, delay=60)
    for path in ("/sandbox/health", "/sandbox/calls", "/phone", "/"):
        assert bank.http.get(path).status_code == 200
