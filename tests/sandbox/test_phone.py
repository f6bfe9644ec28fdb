import re
from datetime import timedelta

import httpx
import pytest

from pos import clock
from tests.sandbox.conftest import Caller
from tests.sandbox.qrs import NOW, make_qr, static_qr

PRACTICE = "Practice bank, no real money"


def text_of(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def look(bank: Caller, qr: str) -> httpx.Response:
    return bank.http.get("/phone", params={"qr": qr})


def press_pay(bank: Caller, qr: str, **wishes: str) -> httpx.Response:
    return bank.http.post("/phone/pay", data={"qr": qr, **wishes})


@pytest.mark.parametrize("path", ["/", "/phone"])
def test_phone_opens_on_a_place_to_paste(bank: Caller, path: str) -> None:
    page = bank.http.get(path)
    assert page.status_code == 200
    assert PRACTICE in page.text
    assert '<label for="qr">QR text</label>' in page.text
    assert "Nothing paid yet." in page.text


def test_pasted_qr_leads_to_its_page(bank: Caller) -> None:
    qr = make_qr()
    answer = bank.http.post("/phone", data={"qr": f"  {qr}\r\n"})
    assert answer.status_code == 303
    page = bank.http.get(answer.headers["Location"])
    assert page.url.params["qr"] == qr


def test_page_shows_what_a_bank_app_shows(bank: Caller) -> None:
    qr = make_qr(
        acquiring_bank="ACLEDA", store_label="Riverside", terminal_label="POS-1", purpose="Coffee"
    )
    page = text_of(look(bank, qr))
    for shown in ("Angkor Coffee", "Phnom Penh", "$3.50", "USD", "angkor_coffee@aclb"):
        assert shown in page
    for shown in ("Bill number INV-0042", "Bank ACLEDA", "Store Riverside", "Terminal POS-1"):
        assert shown in page
    assert "Purpose Coffee" in page
    assert "Valid until 10:05:00" in page
    assert PRACTICE in page


def test_khmer_names_are_shown_whole(bank: Caller) -> None:
    assert "កាហ្វេអង្គរ" in look(bank, make_qr(merchant_name="កាហ្វេអង្គរ")).text


def test_pay_books_and_shows_a_receipt(bank: Caller) -> None:
    qr = make_qr()
    answer = press_pay(bank, qr)
    assert answer.status_code == 303
    transfer = bank.http.get("/sandbox/ledger").json()[0]
    receipt = text_of(bank.http.get(answer.headers["Location"]))
    for shown in ("Paid", "$3.50", transfer["short_hash"], "22 Nov 2026, 10:00:00", PRACTICE):
        assert shown in receipt
    assert bank.check(qr).json()["data"]["hash"] == transfer["hash"]


def test_receipt_is_found_again_from_the_first_page(bank: Caller) -> None:
    short_hash = bank.pay(make_qr())[0]["short_hash"]
    assert short_hash in bank.http.get("/phone").text


def test_bank_app_refuses_an_expired_qr(bank: Caller) -> None:
    qr = make_qr()
    clock.use(lambda: NOW + timedelta(minutes=5, seconds=1))
    assert "This QR has expired" in look(bank, qr).text
    refused = press_pay(bank, qr)
    assert refused.status_code == 422
    assert "Ask the shop for a new one." in refused.text
    assert bank.http.get("/sandbox/ledger").json() == []


def test_expired_qr_can_be_paid_for_practice(bank: Caller) -> None:
    qr = make_qr()
    clock.use(lambda: NOW + timedelta(minutes=5, seconds=1))
    assert press_pay(bank, qr, anyway="on").status_code == 303
    assert len(bank.http.get("/sandbox/ledger").json()) == 1


def test_static_qr_asks_for_the_amount(bank: Caller) -> None:
    qr = static_qr(currency="116")
    assert "Amount in KHR" in text_of(look(bank, qr))
    assert press_pay(bank, qr).status_code == 422
    assert press_pay(bank, qr, amount="5000").status_code == 303
    assert bank.http.get("/sandbox/ledger").json()[0]["amount_minor"] == 5000


def test_practice_options_do_what_they_say(bank: Caller) -> None:
    wishes = {"currency": "KHR", "to_account": "other@wing", "times": "2", "fail": "on"}
    press_pay(bank, make_qr(), amount="9000", at="2026-11-22T09:30:00", **wishes)
    transfers = bank.http.get("/sandbox/ledger").json()
    assert [transfer["amount_minor"] for transfer in transfers] == [9000, 9000]
    transfer = transfers[0]
    assert (transfer["currency"], transfer["to_account"]) == ("KHR", "other@wing")
    assert transfer["failed"] is True
    assert transfer["created_ms"] == clock.epoch_ms(NOW - timedelta(minutes=30))


def test_failed_transfer_has_a_receipt_that_says_so(bank: Caller) -> None:
    answer = press_pay(bank, make_qr(), fail="on")
    receipt = text_of(bank.http.get(answer.headers["Location"]))
    assert "Payment failed" in receipt
    assert "No money moved." in receipt


def test_phone_warns_of_paying_twice(bank: Caller) -> None:
    qr = make_qr()
    assert "paid this QR already" not in look(bank, qr).text
    bank.pay(qr)
    assert "paid this QR already" in look(bank, qr).text
    receipt = bank.http.get(press_pay(bank, qr).headers["Location"])
    assert "This QR has been paid 2 times." in receipt.text


def test_refused_wish_keeps_what_was_typed(bank: Caller) -> None:
    page = press_pay(bank, make_qr(), amount="1e3", to_account="other@wing")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert 'value="1e3"' in page.text
    assert 'value="other@wing"' in page.text
    assert '<details class="practice" open>' in page.text


@pytest.mark.parametrize("typed", ["", "hello", "6204abcd", "<script>alert(1)</script>"])
def test_unreadable_qr_is_refused_in_words(bank: Caller, typed: str) -> None:
    form = {"qr": typed}
    for page in (
        look(bank, typed),
        bank.http.post("/phone", data=form),
        bank.http.post("/phone/pay", data=form),
    ):
        assert page.status_code == 422
        assert "This is not a QR that a bank app can read" in page.text
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x>', "{{7*7}}"])
def test_hostile_names_are_text(bank: Caller, evil: str) -> None:
    qr = make_qr(merchant_name=evil[:25], bill_number=evil[:25], merchant_city=evil[:15])
    pages = [look(bank, qr), bank.http.get(press_pay(bank, qr).headers["Location"])]
    for page in [*pages, bank.http.get("/")]:
        assert page.status_code == 200
        assert "<script>a" not in page.text
        assert "<img src" not in page.text
        assert ">49<" not in page.text


@pytest.mark.parametrize("path", ["/", "/phone?qr=x", "/phone/receipt/none", "/sandbox/link/x"])
def test_pages_run_nothing_and_are_not_kept(bank: Caller, path: str) -> None:
    headers = bank.http.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr)
    for page in (bank.http.get("/"), look(bank, qr)):
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page.text)


def test_stylesheet_and_script_are_served(bank: Caller) -> None:
    page = bank.http.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert bank.http.get(address).status_code == 200


def test_unknown_receipt_is_404(bank: Caller) -> None:
    assert bank.http.get("/phone/receipt/none").status_code == 404
