# The faults of a gateway by number, as PayWay: see "Faults by number" in docs/sandbox.md.

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pos import clock
from pos.sandbox import create_sandbox
from tests.sandbox.conftest import in_process
from tests.sandbox.payway.shop import QR, Shop, open_shop
from tests.sandbox.qrs import NOW

Asked = Callable[..., httpx.Response]


@pytest.fixture
def paid(shop: Shop) -> Asked:
    """Pays a bill, turns the switches on and checks it."""

    def ask(**switches: object) -> httpx.Response:
        tran_id = shop.paid("1.50")
        shop.misbehave(**switches)
        return shop.check(tran_id)

    return ask


def data(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["data"]
    return found


@pytest.mark.parametrize("switch", [{"delay": 0.3}, {"trickle": 0.01}])
def test_g01_g02_slow_answers(far_shop: Shop, switch: dict[str, object]) -> None:
    tran_id = far_shop.paid()
    far_shop.misbehave(**switch, calls=1)
    with pytest.raises(httpx.ReadTimeout):
        far_shop.http.timeout = httpx.Timeout(0.2 if "delay" in switch else 0.005)
        far_shop.check(tran_id)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_g03_outage_as_html(paid: Asked, status: int) -> None:
    answer = paid(status=status)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (status, "text/html")


def test_g04_status_500_around_an_approved_answer(paid: Asked) -> None:
    answer = paid(status_body=500)
    assert (answer.status_code, data(answer)["payment_status"]) == (500, "APPROVED")


@pytest.mark.parametrize("code", ["1", "5", "6", "21", "83", "102", "PTL02", "04", "999"])
def test_g05_g06_key_place_or_clock_is_refused(paid: Asked, code: str) -> None:
    answer = paid(payway_code=code)
    assert answer.status_code == {"6": 200, "04": 400}.get(code, 403)
    assert str(answer.json()["status"]["code"]) == code


def test_g05_clock_of_the_shop_is_wrong(shop: Shop) -> None:
    shop.misbehave(strict_time=600)
    tran_id = shop.paid()
    local = f"{NOW + timedelta(hours=7):%Y%m%d%H%M%S}"
    answer = shop.ask("check-transaction-2", tran_id=tran_id, req_time=local)
    assert (answer.status_code, answer.json()["status"]["code"]) == (403, 21)


def test_g07_too_many_requests_in_both_ways(paid: Asked, shop: Shop) -> None:
    own = paid(payway_code="429")
    assert (own.status_code, own.json()["status"]["code"]) == (403, 429)
    assert "Retry-After" not in own.headers
    shop.http.delete("/sandbox/faults")
    edge = paid(status=429, retry_after=30)
    assert (edge.status_code, edge.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    "switch", [{"body": ""}, {"truncated": True}, {"charset": "utf-16"}, {"checkout_page": True}]
)
def test_g08_what_no_json_reader_reads(paid: Asked, switch: dict[str, object]) -> None:
    answer = paid(**switch)
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        json.loads(answer.content.decode())


@pytest.mark.parametrize(
    ("switch", "text"),
    [
        ({"nan_amount": True}, '"original_amount": NaN'),
        ({"big_amount": True}, '"original_amount": 1e400'),
        ({"duplicate_keys": True}, '}, "status": {"code": "00", "message": "Success!"}}'),
        ({"body": "[]"}, "[]"),
    ],
)
def test_g08_json_that_only_a_lax_reader_takes(
    paid: Asked, switch: dict[str, object], text: str
) -> None:
    assert text in paid(**switch).text


def test_g08_padded_answers(paid: Asked) -> None:
    assert len(paid(huge_body=1_000_000).content) == 1_000_000
    assert len(paid(huge_body=False, gzip_bomb=1_000_000).content) == 1_000_000


@pytest.mark.parametrize(
    ("switch", "error"),
    [
        ({"drop": True}, httpx.RemoteProtocolError),
        ({"cut": True}, httpx.RemoteProtocolError),
        ({"reset": True}, httpx.ReadError),
    ],
)
def test_g09_connection_ends_early(
    far_shop: Shop, switch: dict[str, object], error: type[Exception]
) -> None:
    tran_id = far_shop.paid()
    far_shop.misbehave(**switch, calls=1)
    with pytest.raises(error):
        far_shop.check(tran_id)
    assert far_shop.word(tran_id) == "APPROVED"


@pytest.mark.parametrize("call", ["generate-qr", "purchase"])
def test_g10_bill_is_made_though_its_answer_is_lost(shop: Shop, call: str) -> None:
    wanted = {"tran_id": "T-10", "amount": "1.50", "currency": "USD"}
    wanted |= QR if call == "generate-qr" else {"payment_option": "abapay_khqr_deeplink"}
    shop.misbehave(drop=True, calls=1)
    with pytest.raises(ConnectionResetError):
        shop.ask(call, **wanted)
    assert shop.word("T-10") == "PENDING"
    assert shop.ask(call, **wanted).json()["status"]["code"] in (4, 403)


def test_g10_refund_is_made_though_its_answer_is_lost(shop: Shop) -> None:
    tran_id = shop.paid()
    shop.misbehave(drop=True, calls=1)
    with pytest.raises(ConnectionResetError):
        shop.refund(tran_id, 1)
    assert shop.state(tran_id)["refund_amount"] == 1


@pytest.mark.parametrize("amount", ["0.01", "200"])
def test_g11_less_or_more_is_paid(shop: Shop, amount: str) -> None:
    made = shop.generate("2.00")
    shop.pay(made["qrString"], amount=amount)
    state = shop.state(made["tran_id"])
    assert (state["payment_status"], state["original_amount"]) == ("APPROVED", float(amount))


def test_g12_payer_pays_in_the_other_currency(shop: Shop) -> None:
    made = shop.generate("4000", "KHR")
    shop.pay(made["qrString"], currency="USD")
    state = shop.state(made["tran_id"])
    assert (state["original_amount"], state["payment_amount"]) == (4000, 1)
    assert state["payment_currency"] == "USD"


def test_g13_money_for_another_account_is_not_told(shop: Shop) -> None:
    assert shop.word(shop.paid(to_account="somebody@wing")) == "PENDING"


@pytest.mark.parametrize(
    ("switch", "gone"),
    [({"no_hash": True}, "apv"), ({"without": ["original_amount"]}, "original_amount")],
)
def test_g14_approved_lacks_a_field(paid: Asked, switch: dict[str, object], gone: str) -> None:
    assert gone not in data(paid(**switch))


def test_g14_success_without_data_and_older_than_its_sale(paid: Asked) -> None:
    assert data(paid(older_time=86400))["transaction_date"] == "2026-11-21 10:00:00"
    assert paid(null_data=True).json()["data"] is None


def test_g15_bill_is_paid_twice_and_the_first_is_shown(shop: Shop) -> None:
    made = shop.generate()
    first, second = shop.pay(made["qrString"], times=2)
    detail = data(shop.ask("transaction-detail", tran_id=made["tran_id"]))
    assert detail["bank_ref"] == first["external_ref"]
    found = [one["bank_ref"] for one in detail["transaction_operations"]]
    assert found == [first["external_ref"], second["external_ref"]]


def test_g16_two_bills_are_answered_with_one_approval(shop: Shop) -> None:
    tran_ids = [shop.paid(), shop.paid()]
    shop.misbehave(set={"apv": "123456"})
    assert {shop.state(one)["apv"] for one in tran_ids} == {"123456"}


@pytest.mark.parametrize("switch", [{"payway_code": "6"}, {"payment_status": "PENDING"}])
def test_g17_answer_flips_and_comes_back(shop: Shop, switch: dict[str, object]) -> None:
    tran_id = shop.paid()
    assert shop.word(tran_id) == "APPROVED"
    shop.misbehave(**switch, calls=1)
    flipped = shop.check(tran_id).json()
    assert flipped.get("data", {}).get("payment_status") != "APPROVED"
    assert shop.word(tran_id) == "APPROVED"


def test_g18_money_goes_back_at_the_bank(shop: Shop) -> None:
    tran_id = shop.paid()
    wish = {"merchant_id": "shop01", "tran_id": tran_id}
    assert shop.http.post("/sandbox/payway/refunds", json=wish).status_code == 201
    assert shop.word(tran_id) == "REFUNDED"


def test_g19_pending_for_forty_minutes_though_paid(shop: Shop) -> None:
    tran_id = shop.paid()
    shop.misbehave(payment_status="PENDING")
    clock.use(lambda: NOW + timedelta(minutes=40))
    state = shop.state(tran_id)
    assert (state["payment_status_code"], state["payment_amount"], state["apv"]) == (2, 0, "")
    shop.http.delete("/sandbox/faults")
    assert shop.word(tran_id) == "APPROVED"


@pytest.mark.parametrize(("seconds", "shown"), [(420, "09:53:00"), (-7 * 3600, "17:00:00")])
def test_g20_clock_or_zone_of_the_bank_is_off(paid: Asked, seconds: int, shown: str) -> None:
    assert data(paid(older_time=seconds))["transaction_date"] == f"2026-11-22 {shown}"


def test_g23_redirect_to_another_host(paid: Asked) -> None:
    answer = paid(redirect="http://127.0.0.1:9/x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/x")


def test_g24_key_of_the_test_host_is_refused_by_the_live_one(shop: Shop, tmp_path: Path) -> None:
    with in_process(create_sandbox(ledger_path=tmp_path / "test.db")) as http:
        shop.api_key = open_shop(http, "shop01").api_key
    answer = shop.ask("generate-qr", tran_id="T-1", amount="1.00", currency="USD", **QR)
    assert (answer.status_code, answer.json()["status"]["code"]) == (403, 1)
