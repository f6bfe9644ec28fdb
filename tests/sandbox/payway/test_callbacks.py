import json
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any

import pytest

from pos.sandbox.payway.signing import RAW, SORTED, callback_signature, signature
from tests.sandbox.payway.ear import Ear, Post
from tests.sandbox.payway.shop import Shop, encoded, open_shop


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    thread = threading.Thread(target=ear.server.serve_forever, args=(0.02,))
    thread.start()
    yield ear
    ear.server.shutdown()
    thread.join(5)
    ear.server.server_close()


@pytest.fixture
def pay(shop: Shop, ear: Ear) -> Callable[..., str]:
    """Pays a bill whose callback goes to the ear, with these switches on; gives its tran_id."""

    def pay(**switches: object) -> str:
        if switches:
            shop.misbehave(**switches)
        made = shop.generate(callback_url=encoded(ear.url), return_params="sale-7")
        shop.pay(made["qrString"])
        return str(made["tran_id"])

    return pay


def is_good(shop: Shop, post: Post) -> bool:
    _path, headers, raw = post
    wanted = {
        SORTED: lambda: callback_signature(shop.api_key, json.loads(raw)),
        RAW: lambda: signature(shop.api_key, raw),
    }
    shown = {name: reckon() for name, reckon in wanted.items() if name in headers}
    return bool(shown) and all(headers[name] == text for name, text in shown.items())


def test_payment_is_told_once_signed_over_sorted_values(
    shop: Shop, ear: Ear, pay: Callable[..., str]
) -> None:
    tran_id = pay()
    path, headers, raw = post = ear.next()
    assert (path, headers["User-Agent"]) == ("/callback?from=bank", "PayWayApp/3.0")
    assert is_good(shop, post) and RAW not in headers
    apv = shop.state(tran_id)["apv"]
    told = {"tran_id": tran_id, "apv": apv, "status": "0", "return_params": "sale-7"}
    assert json.loads(raw) == told | {"merchant_ref": ""}
    with pytest.raises(Empty):
        ear.heard.get(timeout=0.2)


def test_older_guides_style_is_signed_over_the_bytes(
    shop: Shop, ear: Ear, pay: Callable[..., str]
) -> None:
    tran_id = pay(callback_style="seed")
    _path, headers, raw = post = ear.next()
    assert is_good(shop, post) and SORTED not in headers
    body = json.loads(raw)
    assert (body["tran_id"], body["status"], body["amount"]) == (tran_id, "success", "1.50")
    assert body["webhook_id"].startswith("webhook_") and body["req_time"] == "1795316400"


def test_both_styles_or_none_may_be_shown(shop: Shop, ear: Ear, pay: Callable[..., str]) -> None:
    pay(callback_style="both")
    post = ear.next()
    assert is_good(shop, post) and {SORTED, RAW} <= set(post[1])
    pay(callback_style="unsigned")
    assert {SORTED, RAW}.isdisjoint(ear.next()[1])


def test_full_body_tells_both_sides_of_the_money(
    shop: Shop, ear: Ear, pay: Callable[..., str]
) -> None:
    shop.misbehave(callback_full=True)
    made = shop.generate("1.00", callback_url=encoded(ear.url))
    shop.pay(made["qrString"], currency="KHR")
    post = ear.next()
    body = json.loads(post[2])
    assert is_good(shop, post) and len(body) == 21
    assert (body["original_amount"], body["original_currency"]) == (1, "USD")
    assert (body["payment_amount"], body["payment_currency"]) == (4000, "KHR")


@pytest.mark.parametrize("style", ["payway", "seed", "both"])
@pytest.mark.parametrize("fault", ["callback_tampered", "callback_wrong_key"])
def test_tampered_or_forged_callback_has_a_bad_signature(
    shop: Shop, ear: Ear, pay: Callable[..., str], style: str, fault: str
) -> None:
    pay(**{"callback_style": style, fault: True})
    assert not is_good(shop, ear.next())


@pytest.mark.parametrize(("style", "good"), [("payway", True), ("seed", False)])
def test_shuffled_keys_only_break_the_signature_of_bytes(
    shop: Shop, ear: Ear, pay: Callable[..., str], style: str, good: bool
) -> None:
    pay(callback_style=style, callback_shuffled=True)
    assert is_good(shop, ear.next()) is good


def test_callback_comes_in_many_copies_at_once(ear: Ear, pay: Callable[..., str]) -> None:
    tran_id = pay(callback_copies=20)
    assert [ear.body()["tran_id"] for _ in range(20)] == [tran_id] * 20


def test_callback_comes_late(ear: Ear, pay: Callable[..., str]) -> None:
    started = time.monotonic()
    pay(callback_delay=0.3)
    ear.next()
    assert time.monotonic() - started >= 0.3


def test_callback_never_comes_but_the_check_knows(
    shop: Shop, ear: Ear, pay: Callable[..., str]
) -> None:
    tran_id = pay(callback_never=True)
    with pytest.raises(Empty):
        ear.heard.get(timeout=0.2)
    assert shop.word(tran_id) == "APPROVED"


def test_any_field_may_be_set_before_signing(shop: Shop, ear: Ear, pay: Callable[..., str]) -> None:
    pay(callback_set={"status": 0, "customer": {"url": "https://x/y"}})
    post = ear.next()
    assert is_good(shop, post) and json.loads(post[2])["status"] == 0


def test_switches_of_calls_and_callbacks_are_counted_apart(
    shop: Shop, ear: Ear, pay: Callable[..., str]
) -> None:
    shop.misbehave(callback_style="seed", calls=1)
    shop.generate()
    tran_id = pay()
    pay()
    assert [RAW in ear.next()[1] for _ in "ab"].count(True) == 1
    assert shop.word(tran_id) == "APPROVED"


def test_every_payment_of_a_bill_is_told(shop: Shop, ear: Ear) -> None:
    made = shop.generate(callback_url=encoded(ear.url))
    shop.pay(made["qrString"], times=2)
    assert len({ear.body()["apv"] for _ in "ab"}) == 2


def test_nothing_is_told_of_closed_bills_and_failed_transfers(shop: Shop, ear: Ear) -> None:
    made = shop.generate(callback_url=encoded(ear.url))
    shop.pay(made["qrString"], fail=True)
    shop.ask("close-transaction", tran_id=made["tran_id"])
    shop.pay(made["qrString"])
    with pytest.raises(Empty):
        ear.heard.get(timeout=0.2)


def test_merchants_own_address_is_told_without_one_on_the_bill(shop: Shop, ear: Ear) -> None:
    shop = open_shop(shop.http, "shop02", callback_url=ear.url)
    assert shop.paid() == ear.body()["tran_id"]


def test_callback_can_be_sent_by_hand_true_or_not(shop: Shop, ear: Ear) -> None:
    shop = open_shop(shop.http, "shop02", callback_url=ear.url)
    unpaid = shop.generate()["tran_id"]
    wish = {"merchant_id": "shop02", "fields": {"status": "7"}}
    for tran_id in (unpaid, "UNKNOWN"):
        sent = shop.http.post("/sandbox/payway/callbacks", json=wish | {"tran_id": tran_id})
        post = ear.next()
        assert (sent.status_code, is_good(shop, post)) == (202, True)
        body = json.loads(post[2])
        assert (body["tran_id"], body["status"]) == (tran_id, "7")
    assert shop.word(unpaid) == "PENDING"


def test_callback_may_come_before_the_answer_of_its_bill(far_shop: Shop, ear: Ear) -> None:
    far_shop.misbehave(delay=1, path=far_shop.path("generate-qr"))
    answers: Queue[str] = Queue()
    url = encoded(ear.url)
    make = lambda: answers.put(far_shop.generate(callback_url=url)["tran_id"])  # noqa: E731
    work = threading.Thread(target=make)
    work.start()
    while not (bills := far_shop.http.get("/sandbox/payway/bills").json()):
        time.sleep(0.02)
    far_shop.pay(bills[0]["qr"])
    tran_id = ear.body()["tran_id"]
    assert answers.empty()
    assert answers.get(timeout=5) == tran_id
    work.join(5)


@pytest.mark.parametrize("status", [200, 403, 500])
def test_what_was_sent_is_remembered_and_not_sent_again(
    shop: Shop, ear: Ear, pay: Callable[..., str], status: int
) -> None:
    ear.status = status
    tran_id = pay()
    ear.next()
    sent = remembered(shop)
    assert (sent[0]["url"], sent[0]["status"], sent[0]["error"]) == (ear.url, status, None)
    assert json.loads(sent[0]["body"])["tran_id"] == tran_id
    assert len(sent) == 1


def test_address_that_nobody_answers_is_remembered(shop: Shop) -> None:
    made = shop.generate(callback_url=encoded("http://127.0.0.1:1/"))
    shop.pay(made["qrString"])
    assert remembered(shop)[0]["error"].startswith("ConnectionRefusedError")


def remembered(shop: Shop) -> list[dict[str, Any]]:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        sent: list[dict[str, Any]] = shop.http.get("/sandbox/payway/callbacks").json()
        if sent:
            return sent
        time.sleep(0.02)
    raise AssertionError("nothing was sent")
