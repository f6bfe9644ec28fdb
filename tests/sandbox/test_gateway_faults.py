# What a till must live through, by number: the table "Faults by number" of docs/sandbox.md.

import gzip
import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from pos import clock
from pos.sandbox import create_sandbox
from tests.sandbox.conftest import EMAIL, Caller, in_process, new_token
from tests.sandbox.qrs import NOW, SHOP, make_qr

Answer = httpx.Response


@pytest.fixture
def paid(bank: Caller) -> Callable[..., Answer]:
    """Pays a QR, turns the switches on and asks about it."""

    def ask(**switches: object) -> Answer:
        qr = make_qr()
        bank.pay(qr)
        bank.misbehave(**switches)
        return bank.check(qr)

    return ask


def is_paid(answer: Answer) -> bool:
    return answer.json()["responseCode"] == 0 and answer.json()["data"] is not None


def test_g01_slow_before_the_headers(far_bank: Caller) -> None:
    far_bank.misbehave(delay=30)  # As long as the worst; not waited for.
    far_bank.misbehave(delay=0.3)
    started = time.monotonic()
    assert far_bank.check(make_qr()).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_g02_a_byte_now_and_then_outlasts_a_timeout(far_bank: Caller) -> None:
    far_bank.misbehave(trickle=0.01)
    started = time.monotonic()
    far_bank.http.timeout = httpx.Timeout(0.5)
    assert far_bank.check(make_qr()).json()["errorCode"] == 1
    assert time.monotonic() - started > 0.5


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_g03_outage_as_html(paid: Callable[..., Answer], status: int) -> None:
    answer = paid(status=status)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (status, "text/html")


def test_g04_status_500_around_a_paid_answer(paid: Callable[..., Answer]) -> None:
    answer = paid(status_body=500)
    assert (answer.status_code, is_paid(answer)) == (500, True)


def test_g05_token_ends_at_noon_and_a_renewed_one_works(bank: Caller) -> None:
    assert bank.check(make_qr()).status_code == 200
    bank.http.delete("/sandbox/tokens")
    refused = bank.check(make_qr())
    assert (refused.status_code, refused.json()["errorCode"]) == (401, 6)
    bank.token = bank.ask("renew_token", {"email": EMAIL}).json()["data"]["token"]
    assert bank.check(make_qr()).status_code == 200


def test_g05_token_is_refused_however_often_it_is_renewed(bank: Caller) -> None:
    bank.misbehave(token_expired=True)
    bank.token = bank.ask("renew_token", {"email": EMAIL}).json()["data"]["token"]
    assert bank.check(make_qr()).status_code == 401


def test_g06_callers_from_abroad_are_refused_in_html(paid: Callable[..., Answer]) -> None:
    answer = paid(geo_403=True)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (403, "text/html")


def test_g07_too_many_requests_with_and_without_a_time(paid: Callable[..., Answer]) -> None:
    bare, timed = paid(status=429), paid(status=429, retry_after=7)
    assert (bare.status_code, timed.status_code) == (429, 429)
    assert (bare.headers.get("Retry-After"), timed.headers["Retry-After"]) == (None, "7")


@pytest.mark.parametrize(
    "switches",
    [{"body": ""}, {"truncated": True}, {"charset": "utf-16"}, {"body": "<html>"}],
    ids=lambda one: next(iter(one.values())),
)
def test_g08_what_no_json_reader_reads(paid: Callable[..., Answer], switches: dict) -> None:
    answer = paid(**switches)
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        json.loads(answer.content.decode())


@pytest.mark.parametrize(
    ("switch", "text"),
    [
        ({"nan_amount": True}, '"amount": NaN'),
        ({"big_amount": True}, '"amount": 1e400'),
        ({"duplicate_keys": True}, ', "responseCode": 0}'),
        ({"body": "[]"}, "[]"),
    ],
)
def test_g08_json_that_only_a_lax_reader_takes(
    paid: Callable[..., Answer], switch: dict[str, object], text: str
) -> None:
    assert text in paid(**switch).text


def test_g08_fifty_megabytes_plain_and_packed(bank: Caller) -> None:
    bank.misbehave(huge_body=True)
    assert len(bank.check(make_qr()).content) == 50_000_000
    bank.misbehave(huge_body=False, gzip_bomb=True)
    body = {"accountId": "x"}
    with bank.http.stream("POST", "/v1/check_bakong_account", json=body) as answer:
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 100_000 < len(gzip.decompress(packed)) == 50_000_000


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ({"drop": True}, httpx.RemoteProtocolError),
        ({"hang": 0.1}, httpx.RemoteProtocolError),
        ({"cut": True}, httpx.RemoteProtocolError),
        ({"reset": True}, httpx.ReadError),
        ({"cut": True, "reset": True}, httpx.ReadError),
    ],
)
def test_g09_connection_ends_early(
    far_bank: Caller, switches: dict[str, object], error: type[Exception]
) -> None:
    far_bank.misbehave(**switches, calls=1)
    with pytest.raises(error):
        far_bank.check(make_qr())
    assert far_bank.check(make_qr()).status_code == 200


def test_g09_half_a_body_that_only_the_end_bounds(far_bank: Caller) -> None:
    far_bank.misbehave(close_delimited=True, calls=1)
    answer = far_bank.check(make_qr())
    assert (answer.status_code, answer.headers.get("Content-Length")) == (200, None)
    assert answer.text.startswith('{"responseCode": 1') and not answer.text.endswith("}")
    assert far_bank.check(make_qr()).status_code == 200


def test_g10_the_link_is_made_though_its_answer_is_lost(bank: Caller) -> None:
    bank.misbehave(drop=True, calls=1)
    with pytest.raises(ConnectionResetError):
        bank.ask("generate_deeplink_by_qr", {"qr": make_qr()})
    assert bank.calls()[-1]["status"] == 200


@pytest.mark.parametrize("amount", ["0.01", "200"])
def test_g11_less_or_more_is_paid(bank: Caller, amount: str) -> None:
    qr = make_qr("2.00")
    bank.pay(qr, amount=amount)
    assert bank.check(qr).json()["data"]["amount"] == float(amount)


def test_g12_the_other_currency_is_paid(bank: Caller) -> None:
    qr = make_qr("2.00")
    bank.pay(qr, currency="KHR")
    data = bank.check(qr).json()["data"]
    assert (data["amount"], data["currency"]) == (8000, "KHR")


def test_g13_another_account_is_paid(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr, to_account="somebody@wing")
    assert bank.check(qr).json()["data"]["toAccountId"] == "somebody@wing"


@pytest.mark.parametrize("name", ["hash", "createdDateMs", "amount", "toAccountId"])
def test_g14_success_lacks_a_field(paid: Callable[..., Answer], name: str) -> None:
    assert name not in paid(without=[name]).json()["data"]


def test_g14_payment_is_older_than_its_sale(paid: Callable[..., Answer]) -> None:
    yesterday = clock.epoch_ms(NOW - timedelta(days=1))
    assert paid(older_time=86400).json()["data"]["createdDateMs"] == yesterday


def test_g15_one_qr_is_paid_twice_and_the_first_is_shown(bank: Caller) -> None:
    qr = make_qr()
    first, _second = bank.pay(qr, times=2)
    assert bank.check(qr).json()["data"]["hash"] == first["hash"]
    assert len(bank.http.get("/sandbox/ledger").json()) == 2


def test_g16_two_qrs_are_answered_with_one_hash(bank: Caller) -> None:
    qrs = [make_qr(bill_number=number) for number in ("INV-1", "INV-2")]
    first = [bank.pay(qr)[0] for qr in qrs][0]
    bank.misbehave(set={"hash": first["hash"]})
    assert {bank.check(qr).json()["data"]["hash"] for qr in qrs} == {first["hash"]}


def test_g17_answer_flips_to_not_found_and_back(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr)
    before = is_paid(bank.check(qr))
    bank.misbehave(error_code=1, calls=1)
    assert [before, is_paid(bank.check(qr)), is_paid(bank.check(qr))] == [True, False, True]


def test_g18_money_goes_back_at_the_bank(paid: Callable[..., Answer]) -> None:
    answer = paid(tracking_status="REFUNDED_BY_RECEIVER")
    assert answer.json()["data"]["trackingStatus"] == "REFUNDED_BY_RECEIVER"


def test_g19_payment_is_hidden_for_forty_minutes(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr)
    bank.misbehave(error_code=1)
    clock.use(lambda: NOW + timedelta(minutes=40))
    assert not is_paid(bank.check(qr))
    bank.http.delete("/sandbox/faults")
    assert bank.check(qr).json()["data"]["createdDateMs"] == clock.epoch_ms(NOW)


@pytest.mark.parametrize("seconds", [420, -420, -7 * 3600])
def test_g20_clock_or_zone_of_the_bank_is_off(paid: Callable[..., Answer], seconds: int) -> None:
    data = paid(older_time=seconds).json()["data"]
    assert data["createdDateMs"] == clock.epoch_ms(NOW) - seconds * 1000


def test_g23_redirect_to_another_host(paid: Callable[..., Answer]) -> None:
    answer = paid(redirect="http://127.0.0.1:9/v1/x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/v1/x")


def test_g24_token_of_the_test_host_is_refused_by_the_live_one(
    bank: Caller, tmp_path: Path
) -> None:
    with in_process(create_sandbox(ledger_path=tmp_path / "sit.db", mode="SIT")) as http:
        bank.token = new_token(http)
    qr = make_qr(account_id=SHOP)
    bank.pay(qr)
    answer = bank.check(qr)
    assert (answer.status_code, answer.json()["errorCode"]) == (401, 6)
