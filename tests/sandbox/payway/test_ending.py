from datetime import timedelta
from pathlib import Path

import pytest

from pos import clock
from pos.sandbox import create_sandbox
from tests.sandbox.conftest import in_process
from tests.sandbox.payway.shop import Shop, open_shop
from tests.sandbox.qrs import NOW


def code(shop: Shop, tran_id: str, amount: object, **order: object) -> object:
    answer = shop.refund(tran_id, amount, **order)
    assert answer.status_code == (200 if answer.json()["status"]["code"] == "00" else 403)
    return answer.json()["status"]["code"]


def test_closed_bill_is_cancelled_or_stays_pending_by_switch(shop: Shop) -> None:
    tran_id = shop.generate()["tran_id"]
    codes = [shop.ask("close-transaction", tran_id=tran_id).json()["status"]["code"] for _ in "ab"]
    assert (codes, shop.word(tran_id)) == (["00", "00"], "CANCELLED")
    shop.misbehave(close_keeps_pending=True)
    assert shop.word(tran_id) == "PENDING"


def test_paid_or_unknown_bill_is_not_closed(shop: Shop) -> None:
    paid = shop.ask("close-transaction", tran_id=shop.paid())
    assert (paid.status_code, paid.json()["status"]["code"]) == (403, 2)
    unknown = shop.ask("close-transaction", tran_id="NOBODY")
    assert (unknown.status_code, unknown.json()["status"]["code"]) == (403, 5)


def test_payers_app_refuses_a_closed_bill_but_late_money_is_real(shop: Shop) -> None:
    made = shop.generate()
    shop.ask("close-transaction", tran_id=made["tran_id"])
    form = {"qr": made["qrString"]}
    assert shop.http.post("/phone/pay", data=form).status_code == 422
    assert shop.http.post("/phone/pay", data=form | {"anyway": "on"}).status_code == 303
    assert shop.word(made["tran_id"]) == "APPROVED"


def test_phone_pays_a_payway_qr(shop: Shop) -> None:
    made = shop.generate("2.00")
    page = shop.http.get("/phone", params={"qr": made["qrString"]})
    assert "Practice shop" in page.text and "$2.00" in page.text
    receipt = shop.http.post("/phone/pay", data={"qr": made["qrString"]}, follow_redirects=True)
    assert "Paid" in receipt.text
    assert shop.word(made["tran_id"]) == "APPROVED"


def test_refunds_repeat_until_nothing_is_left(shop: Shop) -> None:
    tran_id = shop.paid("1.50")
    first = shop.refund(tran_id, 0.5).json()
    assert (first["grand_total"], first["total_refunded"]) == (1.5, 0.5)
    assert (first["currency"], first["transaction_status"]) == ("USD", "REFUNDED")
    assert code(shop, tran_id, 1.01) == "PTL37"
    assert code(shop, tran_id, "1.00") == "00"
    assert code(shop, tran_id, 0.01) == "PTL37"
    state = shop.state(tran_id)
    assert (state["payment_status_code"], state["payment_status"]) == (4, "REFUNDED")
    assert state["refund_amount"] == 1.5


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [("x", "PTL186"), (True, "PTL186"), (0.001, "PTL186"), (0, "PTL187"), (-1, "PTL186")],
)
def test_amount_that_cannot_be_given_back(shop: Shop, amount: object, wanted: str) -> None:
    tran_id = shop.paid()
    assert code(shop, tran_id, amount) == wanted
    assert shop.word(tran_id) == "APPROVED"


def test_only_a_paid_bill_of_the_last_month_is_refunded(shop: Shop) -> None:
    assert code(shop, shop.generate()["tran_id"], 1) == "PTL36"
    assert code(shop, "NOBODY", 1) == "PTL36"
    tran_id = shop.paid()
    clock.use(lambda: NOW + timedelta(days=30, seconds=1))
    assert code(shop, tran_id, 1) == "PTL57"


def test_refund_must_be_sealed_by_this_merchant(shop: Shop) -> None:
    tran_id = shop.paid()
    assert code(shop, tran_id, 1, mc_id="shop02") == "PTL62"
    shop.public_key = open_shop(shop.http, "shop02").public_key
    assert code(shop, tran_id, 1) == "PTL05"
    answers = [shop.ask("refund", merchant_auth=auth).json() for auth in ("plain", "QUJD")]
    assert [one["status"]["code"] for one in answers] == ["PTL05", "PTL05"]
    assert shop.word(tran_id) == "APPROVED"


def test_refund_of_parts_and_hash_is_checked(shop: Shop) -> None:
    tran_id = shop.paid()
    sent = shop.signed("refund", merchant_auth=shop.sealed({"mc_id": "shop01"}))
    for changed, wanted in [
        ({}, "PTL04"),
        ({"merchant_auth": "QUJD"}, "PTL02"),
        ({"merchant_auth": ""}, "PTL04"),
    ]:
        answer = shop.http.post(shop.path("refund"), json=sent | changed).json()
        assert answer["status"]["code"] == wanted
    time = shop.ask("refund", request_time="now", merchant_auth="QUJD").json()
    assert time["status"]["code"] == "PTL06"
    assert shop.word(tran_id) == "APPROVED"


def test_long_order_is_sealed_in_blocks(shop: Shop) -> None:
    assert code(shop, shop.paid(), 1, note="x" * 300) == "00"


def test_money_given_back_at_the_bank_shows_everywhere(shop: Shop) -> None:
    tran_id = shop.paid("4000", "KHR")
    wish = {"merchant_id": "shop01", "tran_id": tran_id}
    answer = shop.http.post("/sandbox/payway/refunds", json=wish | {"amount": 1000})
    assert (answer.status_code, answer.json()["total_refunded"]) == (201, 1000)
    assert shop.state(tran_id)["refund_amount"] == 1000
    assert shop.http.post("/sandbox/payway/refunds", json=wish).status_code == 422
    detail = shop.ask("transaction-detail", tran_id=tran_id).json()["data"]
    assert [one["amount"] for one in detail["transaction_operations"]] == [4000, 1000]


def test_a_restart_keeps_merchants_bills_and_refunds(shop: Shop, ledger_path: Path) -> None:
    tran_id, closed = shop.paid(), shop.generate()["tran_id"]
    shop.refund(tran_id, 1)
    shop.ask("close-transaction", tran_id=closed)
    with in_process(create_sandbox(ledger_path=ledger_path)) as http:
        shop.http = http
        assert (shop.word(tran_id), shop.word(closed)) == ("REFUNDED", "CANCELLED")
        assert [one["closed"] for one in http.get("/sandbox/payway/bills").json()] == [False, True]
