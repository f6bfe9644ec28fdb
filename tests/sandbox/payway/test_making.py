import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pos import clock
from pos.khqr import decode, is_intact, md5_of
from tests.sandbox.payway.shop import QR, Shop, encoded
from tests.sandbox.qrs import NOW

GOOD = {"tran_id": "T-1", "amount": "1.50", "currency": "USD"}


def status(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["status"]["code"]


def test_generated_qr_is_a_khqr_of_the_bill(shop: Shop) -> None:
    made = shop.generate("1.50", tran_id="POS-000001")
    qr = decode(made["qrString"])
    assert is_intact(made["qrString"])
    assert (qr.bakong_account_id, qr.acquiring_bank) == ("abaakhppxxx@abaa", "ABA Bank")
    assert (str(qr.amount), qr.currency, qr.bill_number) == ("$1.50", "USD", "POS-000001")
    assert qr.merchant_name == "Practice shop"
    assert made["status"]["code"] == "0" and len(made["status"]["trace_id"]) == 32


def test_generated_answer_has_picture_and_deep_link(shop: Shop) -> None:
    made = shop.generate("4000", "KHR")
    kind, _, data = made["qrImage"].partition(",")
    assert kind == "data:image/png;base64" and base64.b64decode(data).startswith(b"\x89PNG")
    link = urlsplit(made["abapay_deeplink"])
    assert parse_qs(link.query) == {"type": ["payway"], "qrcode": [made["qrString"]]}
    assert "54074000.00" in made["qrString"]
    assert (made["amount"], made["currency"]) == (4000, "KHR")


def test_two_qrs_of_one_second_are_not_alike(shop: Shop) -> None:
    shop.misbehave(duplicates_accepted=True)
    qrs = {shop.generate(tran_id="SAME")["qrString"] for _ in "abc"}
    assert len({md5_of(qr) for qr in qrs}) == 3


def test_used_tran_id_is_refused_or_accepted_by_switch(shop: Shop) -> None:
    shop.generate(tran_id="T-1")
    assert status(shop.ask("generate-qr", **GOOD, **QR)) == (403, 403)
    assert status(shop.ask("purchase", **GOOD)) == (403, 4)
    shop.misbehave(duplicates_accepted=True)
    assert status(shop.ask("generate-qr", **GOOD, **QR)) == (200, "0")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"currency": "EUR"}, 12),
        ({"currency": "KHR", "amount": "99"}, 47),
        ({"currency": "KHR", "amount": "4000.50"}, 46),
        ({"currency": "KHR", "amount": "4000", "payment_option": "wechat"}, 12),
        ({"payment_option": "abapay_khqr_deeplink"}, 23),
        ({"first_name": "Dara 2"}, 16),
        ({"last_name": "S_k"}, 17),
        ({"phone": "call me"}, 18),
        ({"email": "dara"}, 19),
    ],
)
def test_bill_that_cannot_be_is_refused_by_its_code(
    shop: Shop, wrong: dict[str, str], code: int
) -> None:
    assert status(shop.ask("generate-qr", **(GOOD | QR | wrong))) == (403, code)
    assert shop.http.get("/sandbox/payway/bills").json() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tran_id", "T_1"),
        ("tran_id", "T 1"),
        ("tran_id", "T" * 21),
        ("amount", "1,000.00"),
        ("amount", "0.00"),
        ("amount", "1.505"),
        ("amount", "-1.00"),
        ("lifetime", "2"),
        ("lifetime", "43201"),
        ("lifetime", "five"),
        ("qr_image_template", "template9"),
        ("purchase_type", "gift"),
        ("callback_url", "http://shop.example/plain"),
        ("callback_url", encoded("ftp://shop.example")),
        ("items", "x" * 501),
        ("req_time", "20261322030000"),
    ],
)
def test_field_of_the_wrong_kind_is_named_in_a_400(shop: Shop, name: str, value: str) -> None:
    answer = shop.ask("generate-qr", **(GOOD | QR | {name: value}))
    assert status(answer) == (400, "04")
    assert list(answer.json()["status"]["errors"]) == [name]


def test_missing_fields_are_all_named(shop: Shop) -> None:
    answer = shop.http.post(shop.path("generate-qr"), json={"merchant_id": "shop01"})
    assert status(answer) == (400, "04")
    assert {"tran_id", "hash", "amount"} < set(answer.json()["status"]["errors"])


@pytest.mark.parametrize("body", [b"[]", b"{", b'"x"', b"\xff"])
def test_body_that_is_no_object_is_a_400(shop: Shop, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = shop.http.post(shop.path("generate-qr"), content=body, headers=headers)
    assert status(answer) == (400, "04")


def test_hash_is_over_the_text_that_is_sent(shop: Shop) -> None:
    sent = shop.signed("generate-qr", **GOOD, **QR)
    assert status(shop.http.post(shop.path("generate-qr"), json=sent | {"amount": 1.5}))[1] == 1
    sent = shop.signed("generate-qr", **(GOOD | {"amount": "1.5"}), **QR)
    answer = shop.http.post(shop.path("generate-qr"), json=sent | {"amount": 1.50, "lifetime": 5})
    assert status(answer) == (200, "0")


def test_get_is_405(shop: Shop) -> None:
    for call in ("generate-qr", "purchase", "refund"):
        assert shop.http.get(shop.path(call)).status_code == 405


@pytest.mark.parametrize("option", ["abapay_khqr_deeplink", "bakong", "abapay_khqr"])
@pytest.mark.parametrize("kind", ["json", "data", "files"])
def test_purchase_takes_json_and_both_forms(shop: Shop, option: str, kind: str) -> None:
    sent = shop.signed("purchase", **GOOD, payment_option=option)
    if kind == "files":
        sent = {name: (None, value) for name, value in sent.items()}
    answer = shop.http.post(shop.path("purchase"), **{kind: sent})  # type: ignore[arg-type]
    made = answer.json()
    assert made["status"] == {"code": "00", "message": "Success!", "tran_id": "T-1"}
    assert decode(made["qr_string"]).bill_number == "T-1"
    page = shop.http.get(made["checkout_qr_url"], follow_redirects=True)
    assert page.url.params["qr"] == made["qr_string"]


def test_qr_of_a_purchase_can_be_paid_for_ten_minutes(shop: Shop) -> None:
    made = shop.ask("purchase", **GOOD, payment_option="bakong", lifetime="60").json()
    expires_at = decode(made["qr_string"]).expires_at
    assert expires_at and clock.epoch_ms(expires_at) == clock.epoch_ms(NOW) + 600_000


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"lifetime": "2"}, 69), ({"shipping": ""}, 10), ({"payment_option": "gold"}, 23)],
)
def test_purchase_refuses_by_codes_of_its_own(shop: Shop, wrong: dict[str, str], code: int) -> None:
    assert status(shop.ask("purchase", **GOOD, **wrong)) == (403, code)


def test_purchase_for_a_browser_is_a_page(shop: Shop) -> None:
    page = shop.ask("purchase", **GOOD, payment_option="cards")
    assert (page.status_code, page.headers["Content-Type"][:9]) == (200, "text/html")
    again = shop.ask("purchase", **(GOOD | {"tran_id": "T-2"}), view_type="hosted_view")
    assert (again.status_code, again.headers["Location"][:10]) == (302, "/phone?qr=")


def test_unused_fields_may_be_sent_and_are_kept_for_the_callback(shop: Shop) -> None:
    items = encoded([{"name": "Coffee", "quantity": 1, "price": 1.5}])
    made = shop.generate(items=items, return_params=json.dumps({"sale": 7}), first_name="Dara")
    detail = shop.ask("transaction-detail", tran_id=made["tran_id"]).json()["data"]
    assert detail["first_name"] == "Dara"
