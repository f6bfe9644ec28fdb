import pytest

from pos.khqr import decode
from tests.factories import csrf_token, khr, usd
from tests.web.pages import press, read


def charge(till, **typed):
    return press(till.browser, "/till", "Charge", **typed)


def test_the_server_adds_the_parts_of_a_sum_itself(till):
    answer = charge(till, amount="3.50", terms="1.50 + 2.00")
    assert (answer.status_code, decode(till.payment().qr_string).amount) == (303, usd("3.50"))


def test_a_sum_may_be_typed_into_the_field_itself(till):
    assert charge(till, amount="1.50 + 2").status_code == 303
    assert decode(till.payment().qr_string).amount == usd("3.50")


BAD_TERMS = {
    "1.50 + 1.00": "The parts come to $2.50, not to $3.50. Type the amount again.",
    "3.49": "The parts come to $3.49, not to $3.50. Type the amount again.",
    "1.50 + ": "The amount must be a plain number, such as 3.50.",
    "1.50 + 2.00 + -0": "The amount must be a plain number, such as 3.50.",
    "1e2 + 2": "The amount must be a plain number, such as 3.50.",
    "+".join(["0.10"] * 35): "At most 20 amounts are added at once.",
}


@pytest.mark.parametrize(("terms", "reason"), BAD_TERMS.items())
def test_parts_that_are_not_what_the_screen_showed_change_nothing(till, books, terms, reason):
    before = books()
    answer = charge(till, amount="3.50", terms=terms)
    form = read(answer).form("Charge")
    assert (answer.status_code, form.alert, form.fields["terms"]) == (422, reason, "")
    assert books() == before


def test_riel_are_charged_by_hundreds_and_the_till_says_so(till):
    charge(till, amount="15051", currency="KHR")
    assert decode(till.payment().qr_string).amount == khr("15100")
    assert "Riel go by hundreds: ៛15,051 was typed." in till.panel().text


def test_cash_rounds_riel_as_a_qr_does_and_says_so(till, books):
    form = read(till.browser.get("/till")).form("Charge").fields
    sent = {**form, "amount": "15051", "currency": "KHR", "note": "table 7"}
    page = till.browser.post("/till/cash", data=sent).headers["Location"]
    assert "៛15,051 was typed; riel go by hundreds" in read(till.browser.get(page)).text
    assert press(till.browser, page, "Take cash", khr="15100").status_code == 303
    sale, tender = books()["sale"][0], books()["tender"][0]
    assert (sale.amount_minor, sale.rounding_minor, sale.note) == (15_100, 49, "table 7")
    assert (tender.settles_minor, tender.rounding_minor) == (15_100, 0)


def test_a_note_is_shown_with_its_sale_and_never_in_the_qr(till, books):
    charge(till, amount="3.50", note="8851959132012")
    assert books()["sale"][0].note == "8851959132012"
    assert "Note: 8851959132012" in till.panel().text
    assert "Sale 1 8851959132012 $3.50" in till.panel().text
    assert decode(till.payment().qr_string).bill_number == till.payment().tran_id


def test_a_note_that_is_too_long_is_refused_and_the_rest_of_the_form_kept(till, books):
    before = books()
    answer = charge(till, amount="3.50", terms="1.50 + 2.00", note="x" * 61)
    form = read(answer).form("Charge")
    assert (answer.status_code, form.fields["amount"]) == (422, "3.50")
    assert (form.fields["terms"], form.fields["note"]) == ("1.50 + 2.00", "x" * 60)
    assert books() == before


def test_the_same_amount_again_is_asked_about_once_and_then_charged(till, books):
    till.charge()
    till.pay()
    till.work(after=3)
    asked = charge(till, amount="3.50")
    form = read(asked).form("Charge")
    assert (asked.status_code, form.alert.split(".")[0]) == (422, "$3")
    assert "was charged 3 seconds ago" in form.alert and len(books()["sale"]) == 1
    again = till.browser.post("/till/charge", data=form.fields)
    assert (again.status_code, len(books()["sale"])) == (303, 2)


def test_an_answer_about_one_amount_says_nothing_of_another(till, books):
    for amount in ("3.50", "2.00"):
        till.charge(amount)
        till.pay()
        till.work(after=3)
    form = read(charge(till, amount="3.50")).form("Charge").fields
    other = till.browser.post("/till/charge", data={**form, "amount": "2.00"})
    assert (other.status_code, len(books()["sale"])) == (422, 2)
    assert "$2.00 was charged" in read(other).alert


def test_an_amount_in_the_address_is_put_on_the_keypad_only(till, books):
    before = books()
    page = read(till.browser.get("/till?amount=5000&currency=KHR")).form("Charge").fields
    assert (page["amount"], page["currency"], books()) == ("5000", "KHR", before)
    odd = read(till.browser.get("/till?amount=5&currency=EUR&terms=1")).form("Charge").fields
    assert (odd["currency"], odd["terms"]) == ("USD", "")


def set_amounts(manager, usd="1 2.50 5 10", khr=""):
    return press(manager, "/quick-amounts", "Set the amounts", usd=usd, khr=khr)


def chips(till):
    page = read(till.browser.get("/till"))
    return [one.text for one in page.all("a") if "data-quick" in one.attrs]


def test_a_manager_sets_the_amounts_that_a_till_offers_in_their_order(till, manager):
    assert chips(till) == []
    assert set_amounts(manager, khr="2000 10000 4000 5000").status_code == 303
    assert chips(till) == ["$1", "$2.50", "$5", "$10", "៛2,000", "៛10,000", "៛4,000", "៛5,000"]
    link = next(read(till.browser.get("/till")).all("a", class_="quick-key")).attrs["href"]
    assert read(till.browser.get(link)).form("Charge").fields["amount"] == "1.00"
    set_amounts(manager, usd="")
    assert chips(till) == []


REFUSED = {
    "1 2 3": "Give 4 to 6 amounts, or none at all.",
    "1 2 3 4 5 6 7": "Give 4 to 6 amounts, or none at all.",
    "1 2 3 x": "The amount must be a plain number, such as 3.50.",
    "1 2 3 0": "The amount must be more than zero.",
    "1 2 3 1.00": "Each amount is given once.",
    "1 2 3 100001": "The most that can be charged at once is $100,000.00.",
}


@pytest.mark.parametrize(("typed", "reason"), REFUSED.items())
def test_quick_amounts_that_cannot_be_are_refused_and_the_old_ones_kept(manager, typed, reason):
    set_amounts(manager)
    answer = set_amounts(manager, usd=typed)
    assert (answer.status_code, read(answer).alert) == (422, reason)
    kept = read(manager.get("/quick-amounts")).form("Set the amounts").fields
    assert kept["usd"] == "1.00 2.50 5.00 10.00"


def test_riel_that_would_be_rounded_are_no_quick_amount(manager):
    answer = set_amounts(manager, khr="2000 4000 5000 5050")
    assert read(answer).alert == "Riel go by hundreds: ៛5,050 does not."


def test_a_cashier_sets_no_quick_amounts(till, books):
    before = books()
    token = {"csrf_token": csrf_token(till.browser, "/till")}
    sent = {**token, "usd": "1 2 3 4", "khr": ""}
    assert till.browser.post("/quick-amounts", data=sent).status_code == 403
    assert books() == before


def test_the_last_amount_of_the_shift_is_offered_again(till):
    till.charge("15000", "KHR")
    assert chips(till) == ["Again ៛15,000"]
