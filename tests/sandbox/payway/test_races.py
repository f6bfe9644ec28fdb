from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.sandbox.conftest import in_process
from tests.sandbox.payway.shop import QR, Shop


def codes(practice_bank: Flask, shop: Shop, path: str, body: dict[str, object]) -> list[object]:
    def ask(_: int) -> object:
        with in_process(practice_bank) as http:
            return http.post(path, json=body).json()["status"]["code"]

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(16)))


def test_one_tran_id_makes_one_bill(practice_bank: Flask, shop: Shop) -> None:
    body = shop.signed("generate-qr", tran_id="T-1", amount="1.00", currency="USD", **QR)
    answered = codes(practice_bank, shop, shop.path("generate-qr"), body)
    assert sorted(answered, key=str) == ["0"] + [403] * 15
    assert len(shop.http.get("/sandbox/payway/bills").json()) == 1


def test_refunds_at_once_never_give_back_more_than_was_paid(
    practice_bank: Flask, shop: Shop
) -> None:
    tran_id = shop.paid("1.50")
    order = {"mc_id": "shop01", "tran_id": tran_id, "refund_amount": 0.5}
    body = shop.signed("refund", merchant_auth=shop.sealed(order))
    answered = codes(practice_bank, shop, shop.path("refund"), body)
    assert sorted(answered, key=str) == ["00"] * 3 + ["PTL37"] * 13
    assert shop.state(tran_id)["refund_amount"] == 1.5
