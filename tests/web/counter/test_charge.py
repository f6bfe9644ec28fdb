import pytest

from pos.khqr import decode
from tests.factories import ACCOUNT_ID, csrf_token, khr, usd
from tests.web.pages import press, read, scan

REFUSED = {
    ("USD", "The amount must be a plain number, such as 3.50."): [
        "abc", "-1", "-0.01", "+1", "1e3", "1E3", "NaN", "inf", "Infinity", "0x10", "1_000",
        "1,000", "1 000", "3.5.0", "3.", ".5", "$3.50", "៣.៥០", "３.５０", "²", "½", "3.50\0",
        "3\u200b.50", "9" * 16, "9" * 5_000, "3.50; DROP TABLE sale", "=1+1", '"><b>3</b>',
    ],
    ("KHR", "The amount must be a plain number, such as 3.50."): [
        "-1", "1e3", "NaN", "១៥០០០", "１５０００", "15,000", "៛15000", "15 000",
    ],
    ("USD", "Type an amount first."): ["", "   ", "\t\n", "\u3000"],
    ("KHR", "The least that can be charged is ៛100."): ["1", "50", "10 + 40"],
    ("KHR", "Type an amount first."): ["", " "],
    ("USD", "The amount must be more than zero."): ["0", "0.0", "0.00", "000"],
    ("KHR", "The amount must be more than zero."): ["0", "000"],
    ("USD", "A dollar amount has at most two decimals."): ["3.555", "3.500", "0.001"],
    ("KHR", "Riel have no decimals."): ["15000.5", "15000.0", "0.5"],
    ("USD", "The most that can be charged at once is $100,000.00."): ["100000.01", "9" * 15],
    ("KHR", "The most that can be charged at once is ៛400,000,000."): ["400000001", "9" * 15],
}  # fmt: skip


@pytest.mark.parametrize(("currency", "reason"), REFUSED)
def test_an_amount_that_cannot_be_charged_is_refused_in_words(till, books, currency, reason):
    before = books()
    for typed in REFUSED[currency, reason]:
        answer = till.charge(typed, currency)
        form = read(answer).form("Charge")
        assert (answer.status_code, form.alert) == (422, reason), typed
        assert (form.fields["amount"], form.fields["currency"]) == (typed[:40], currency)
    assert books() == before


CHARGED = [
    ("3.50", usd("3.50")),
    ("3", usd("3.00")),
    ("3.5", usd("3.50")),
    (" 3.50 ", usd("3.50")),
    ("0.01", usd("0.01")),
    ("007.10", usd("7.10")),
    ("100000", usd("100000")),
    ("15000", khr("15000")),
    ("100", khr("100")),
    ("400000000", khr("400000000")),
]


def test_a_right_amount_becomes_one_sale_with_its_qr(till, books):
    for count, (typed, amount) in enumerate(CHARGED, start=1):
        answer = till.charge(typed, amount.currency)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/till"), typed
        sale, payment = books()["sale"][-1], books()["payment"][-1]
        assert (sale.id, sale.amount_minor, sale.currency) == (count, amount.minor, amount.currency)
        assert (payment.id, payment.amount_minor) == (count, amount.minor)
        assert decode(payment.qr_string).amount == amount
        assert str(amount) in till.panel().one(class_="payment-amount").text.replace(" ", "")
        till.press("Cancel")


def test_the_qr_asks_for_the_amount_to_the_shops_account_for_this_payment(till):
    till.charge("15000", "KHR")
    payment = till.payment()
    says = decode(payment.qr_string)
    assert (says.amount, says.bakong_account_id) == (khr("15000"), ACCOUNT_ID)
    assert (says.bill_number, says.expires_at) == (payment.tran_id, payment.expires_at)
    assert (says.merchant_name, says.store_label) == ("Mekong Coffee", "Riverside")


def test_the_qr_on_the_page_is_the_one_in_the_books(waiting):
    assert scan(waiting.panel()) == waiting.payment().qr_string


def test_one_form_sent_twice_is_one_sale(till, books):
    form = read(till.browser.get("/till")).form("Charge")
    sent = {**form.fields, "amount": "3.50"}
    first, second = (till.browser.post("/till/charge", data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(books()["sale"]) == len(books()["payment"]) == 1


def test_one_form_sent_again_with_another_amount_is_refused(till, books):
    form = read(till.browser.get("/till")).form("Charge")
    till.browser.post("/till/charge", data={**form.fields, "amount": "3.50"})
    answer = till.browser.post("/till/charge", data={**form.fields, "amount": "1"})
    assert answer.status_code == 422
    assert "used for another sale" in read(answer).alert
    assert len(books()["payment"]) == 1


def test_each_drawing_of_the_form_has_a_key_of_its_own(till):
    keys = {read(till.browser.get("/till")).form("Charge").fields["key"] for _ in range(3)}
    assert len(keys) == 3
    assert min(len(key) for key in keys) >= 22


def test_reloading_after_a_charge_charges_nothing_more(waiting, books):
    before = books()
    assert [waiting.browser.get("/till").status_code for _ in range(3)] == [200, 200, 200]
    assert books() == before


def test_a_second_sale_has_to_wait_for_the_first(waiting, books):
    before = books()
    answer = waiting.charge("2")
    assert (answer.status_code, read(answer).alert) == (
        422,
        "A QR is still waiting. Cancel it first.",
    )
    assert books() == before


def test_a_form_without_its_key_is_refused(till, books):
    before = books()
    for key in ("", "short", "k" * 65, "ក" * 20, "k" * 20 + "\0"):
        answer = press(till.browser, "/till", "Charge", amount="3.50", key=key)
        assert answer.status_code == 422, key
        assert read(answer).alert.startswith("This form is not complete.")
    assert books() == before


def test_another_currency_than_the_two_is_refused(till, books):
    before = books()
    for code in ("", "EUR", "usd", "840", "USD ", "<b>"):
        answer = till.charge("3.50", code)
        assert (answer.status_code, read(answer).alert) == (422, "Choose dollars or riel."), code
        assert read(answer).form("Charge").fields["currency"] == "USD"
    assert books() == before


def test_a_form_without_any_field_is_refused(till, books):
    before = books()
    token = {"csrf_token": csrf_token(till.browser, "/till")}
    assert till.browser.post("/till/charge", data=token).status_code == 422
    assert books() == before


MADE_UP = {
    "status": "paid",
    "paid_at": "2026-11-22T02:00:00Z",
    "total": "1",
    "amount_minor": "1",
    "account": "thief@prac",
    "account_id": "2",
    "merchant_name": "Thief",
    "shift_id": "2",
    "till_id": "2",
    "tran_id": "261122-AAAAAAAAA",
    "qr_seconds": "999999",
}


def test_fields_that_the_form_does_not_have_change_nothing(till, books):
    answer = press(till.browser, "/till", "Charge", amount="3.50", **MADE_UP)
    assert answer.status_code == 303
    payment, says = till.payment(), decode(till.payment().qr_string)
    assert (payment.status, payment.till_id) == ("awaiting", till.shop.till_id)
    assert (says.amount, says.bakong_account_id) == (usd("3.50"), ACCOUNT_ID)
    assert says.merchant_name == "Mekong Coffee"
    assert payment.tran_id != MADE_UP["tran_id"]


def test_the_currency_of_the_last_sale_is_the_next_ones(till):
    assert read(till.browser.get("/till")).form("Charge").fields["currency"] == "USD"
    till.charge("15000", "KHR")
    assert read(till.browser.get("/till")).form("Charge").fields["currency"] == "KHR"


def test_charging_asks_nobody_whether_it_was_paid(waiting):
    assert waiting.questions() == 0


def test_without_a_shift_nothing_can_be_charged(cashier, books):
    before = books()
    token = csrf_token(cashier, "/shifts/open")
    answer = cashier.post("/till/charge", data={"csrf_token": token, "amount": "3.50"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shifts/open")
    assert books() == before
