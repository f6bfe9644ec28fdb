from typing import Any

import pytest

from tests.sandbox.payway.shop import QR, Shop


def test_answers_come_in_every_shape_that_was_seen(shop: Shop) -> None:
    tran_id = shop.paid()

    def status(**switches: object) -> Any:
        shop.http.delete("/sandbox/faults")
        shop.misbehave(**switches)
        return shop.check(tran_id).json()

    assert status(codes="number")["status"]["code"] == 0
    assert status(codes="text", payway_code="8")["status"]["code"] == "8"
    assert status(success_code="0")["status"]["code"] == "0"
    assert status(status_in_data=True)["data"]["status"]["code"] == "00"
    assert status(flat_data=True)["payment_status"] == "APPROVED"
    assert status(payment_status="DECLINDED")["data"]["payment_status_code"] == 3
    assert "code" not in status(no_error_code=True)["status"]


def test_names_and_statuses_come_as_documented_or_as_seen(shop: Shop) -> None:
    shop.misbehave(other_case=True, always_200=True)
    made = shop.ask("generate-qr", tran_id="T-1", amount="1.00", currency="USD", **QR).json()
    assert {"qr_string", "qr_image"} < set(made)
    again = shop.ask("generate-qr", tran_id="T-1", amount="1.00", currency="USD", **QR)
    assert (again.status_code, again.json()["status"]["code"]) == (200, 403)


@pytest.mark.parametrize(
    "wish",
    [
        {"codes": "roman"},
        {"callback_style": "raw"},
        {"callback_copies": 0},
        {"callback_delay": 61},
        {"lag": -1},
        {"payway_code": 6},
    ],
)
def test_switch_that_cannot_be_read_is_refused(shop: Shop, wish: dict[str, object]) -> None:
    answer = shop.http.post("/sandbox/faults", json=wish)
    assert (answer.status_code, answer.json()["error"][-1]) == (422, ".")


@pytest.mark.parametrize(
    ("door", "wish"),
    [
        ("merchants", {}),
        ("merchants", {"merchant_id": "m" * 21}),
        ("merchants", {"merchant_id": "m", "api_key": 5}),
        ("merchants", {"merchant_id": "m", "private_key": "no key"}),
        ("merchants", {"merchant_id": "m", "callback_url": "shop"}),
        ("refunds", {"merchant_id": "shop01", "tran_id": "NOBODY"}),
        ("refunds", {"merchant_id": "nobody", "tran_id": "T"}),
        ("callbacks", {"merchant_id": "shop01", "tran_id": "T"}),
        ("callbacks", {"merchant_id": "shop01", "tran_id": "T", "fields": []}),
        ("callbacks", []),
    ],
)
def test_control_that_cannot_be_read_is_refused(shop: Shop, door: str, wish: object) -> None:
    answer = shop.http.post(f"/sandbox/payway/{door}", json=wish)
    assert (answer.status_code, answer.json()["error"][-1]) == (422, ".")


def test_calls_tell_what_was_asked_and_hold_no_key(shop: Shop) -> None:
    shop.check(shop.paid())
    last = shop.http.get("/sandbox/calls").json()[-1]
    assert last["path"].endswith("/check-transaction-2")
    assert (last["token_known"], last["error_code"]) == (True, "00")
    assert shop.api_key not in shop.http.get("/sandbox/calls").text
