import csv
import io

import pytest

from pos.extensions import db
from pos.khqr import decode
from pos.models import User
from pos.services.people import pins
from pos.services.selling import discounts
from tests.factories import csrf_token, usd
from tests.web.pages import press, read

PIN = "482915"


@pytest.fixture
def giving(app, till):
    """A till whose cashier alone gives up to 10 per cent; the manager's PIN is known."""
    with app.app_context():
        manager = db.session.get_one(User, till.shop.manager.id)
        pins.set_pin(manager, PIN)
        discounts.set_limit(manager, 10)
    return till


PAGE = "/till/discount/give?amount=10.00&currency=USD&note=table+7"


def give(till, page=PAGE, **typed):
    return press(till.browser, page, "Take it off", **{"reason": "regular", **typed})


def given(till, **typed):
    """The keypad as it is after a discount was given."""
    answer = give(till, **typed)
    assert answer.status_code == 303, read(answer).alert
    return answer.headers["Location"]


def test_a_till_offers_discounts_only_where_a_manager_allowed_them(till, manager):
    assert not list(read(till.browser.get("/till")).all(id="discount-button"))
    answer = press(manager, "/discounts", "Set the discounts", gives="yes", limit="15")
    assert answer.status_code == 303
    assert read(manager.get("/discounts")).form("Set the discounts").fields["limit"] == "15"
    assert len(list(read(till.browser.get("/till")).all(id="discount-button"))) == 1


@pytest.mark.parametrize("limit", ["", "-1", "100", "7.5", "x"])
def test_a_limit_that_is_no_per_cent_is_refused(manager, books, limit):
    before = books()
    answer = press(manager, "/discounts", "Set the discounts", gives="yes", limit=limit)
    assert answer.status_code == 422
    assert read(answer).alert == "The limit is a whole per cent from 0 to 99."
    assert books() == before


def test_the_key_leads_from_the_keypad_to_the_discount_with_what_was_typed(giving):
    form = read(giving.browser.get("/till")).form("Charge").fields
    sent = {**form, "amount": "10", "note": "table 7"}
    answer = giving.browser.post("/till/discount", data=sent)
    assert answer.headers["Location"] == PAGE.replace("+", "+")
    assert "$10.00" in read(giving.browser.get(PAGE)).text


def test_a_discount_is_charged_told_on_both_screens_and_printed(giving, display, books):
    page = given(giving, chosen="10")
    keypad = read(giving.browser.get(page))
    assert keypad.one(id="given-discount").text.split()[:3] == ["Discount", "10", "%"]
    assert press(giving.browser, page, "Charge").status_code == 303
    assert decode(giving.payment().qr_string).amount == usd("9")
    assert "$10.00 less a discount of $1.00 (10 %)" in giving.panel().text
    assert "Discount -$1.00" in display.show().text
    assert "table 7" in giving.panel().text
    giving.pay()
    giving.work(after=3)
    assert giving.press("Receipt").status_code == 303
    paper = read(giving.browser.get("/receipts/1")).text
    assert "Price $10.00 Discount 10 % -$1.00 To pay $9.00" in paper


def test_cash_takes_what_the_discount_leaves(giving, books):
    form = read(giving.browser.get(given(giving, off="0.50"))).form("Charge").fields
    page = giving.browser.post("/till/cash", data=form).headers["Location"]
    told = read(giving.browser.get(page))
    assert "$10.00 less a discount of $0.50" in told.text
    assert "discount=" in told.one(id="back").attrs["href"]
    answer = press(giving.browser, page, "Take cash", usd="9", khr="2000")
    assert answer.status_code == 422  # without a rate the riel cannot pay cents
    page = giving.browser.post("/till/cash", data=form).headers["Location"]
    assert press(giving.browser, page, "Take cash", usd="10").status_code == 422
    assert not books()["sale"]


def test_an_amount_that_was_changed_after_the_discount_is_not_charged(giving, books):
    form = read(giving.browser.get(given(giving, chosen="10"))).form("Charge").fields
    before = books()
    answer = giving.browser.post("/till/charge", data={**form, "amount": "100"})
    assert answer.status_code == 422
    reason = "The discount was given on $10.00. Take it off, or give it again."
    assert (read(answer).alert, books()) == (reason, before)


@pytest.mark.parametrize("key", ["x" * 32, "", None])
def test_a_discount_that_nobody_gave_takes_nothing_off(giving, books, key):
    form = read(giving.browser.get("/till")).form("Charge").fields
    sent = {**form, "amount": "10", "discount": key or ""}
    answer = giving.browser.post("/till/charge", data=sent)
    assert answer.status_code == (422 if key else 303)
    assert [sale.amount_minor for sale in books()["sale"]] == ([] if key else [1_000])


def test_a_discount_can_be_taken_off_again(giving):
    page = read(giving.browser.get(given(giving, chosen="10")))
    without = page.one(class_="charge-discount-off").attrs["href"]
    assert press(giving.browser, without, "Charge").status_code == 303
    assert decode(giving.payment().qr_string).amount == usd("10")


def test_above_the_limit_the_manager_types_a_pin_and_is_named(giving, books):
    manager_id = str(giving.shop.manager.id)
    page = given(giving, percent="50", manager_id=manager_id, pin=PIN)
    assert press(giving.browser, page, "Charge").status_code == 303
    row = books()["discount"][0]
    assert (row.minor, row.permille, row.approved_by_id) == (500, 500, giving.shop.manager.id)


NO_PIN = [{}, {"pin": PIN}, {"manager_id": "me", "pin": "000000"}, {"manager_id": "me", "pin": ""}]


@pytest.mark.parametrize("typed", NO_PIN)
@pytest.mark.parametrize("large", [{"percent": "10.1"}, {"off": "1.01"}, {"chosen": "20"}])
def test_without_the_right_pin_nothing_is_given_and_nothing_charged(giving, books, typed, large):
    who = {"manager_id": str(giving.shop.manager.id)} if "manager_id" in typed else {}
    answer = give(giving, **large, **{**typed, **who})
    assert answer.status_code in (403, 422) and read(answer).alert
    assert books()["discount"] == books()["sale"] == []
    assert PIN not in answer.text


def test_for_what_cannot_be_given_no_pin_is_spent(giving, books):
    wrong = {"manager_id": str(giving.shop.manager.id), "pin": "000000"}
    assert give(giving, percent="100", **wrong).status_code == 422
    assert give(giving, percent="50", reason="other", **wrong).status_code == 422
    assert give(giving, chosen="20", percent="30", **wrong).status_code == 422
    assert books()["pin_try"] == []


def test_a_cashier_sets_no_limit(giving, books):
    before = books()
    token = {"csrf_token": csrf_token(giving.browser, "/till")}
    sent = {**token, "gives": "yes", "limit": "99"}
    assert giving.browser.post("/discounts", data=sent).status_code == 403
    assert books() == before


def sell(till, **typed):
    assert press(till.browser, given(till, **typed), "Charge").status_code == 303
    till.pay()
    till.work(after=60)


def test_x_and_z_tell_how_much_was_taken_off_and_total_what_came_in(giving):
    sell(giving, chosen="10")
    sell(giving, off="0.50")
    page = given(giving, chosen="5")
    assert press(giving.browser, page, "Charge").status_code == 303
    giving.press("Cancel")
    giving.work(after=60)
    told = "Discounts, in no total Currency Count Amount USD 2 $1.50"
    assert told in read(giving.browser.get("/shifts/1/x")).text
    assert "KHQR Bakong USD 2 $18.50" in read(giving.browser.get("/shifts/1/x")).text
    report = press(giving.browser, "/shifts/1/close", "Close shift").headers["Location"]
    for paper in ("", "?paper=80mm"):
        told = "Discounts, in no total Currency Sales Amount USD 2 $1.50"
        assert told in read(giving.browser.get(report + paper)).text


def test_the_export_of_sales_tells_price_discount_reason_and_who_agreed(giving, manager):
    manager_id = str(giving.shop.manager.id)
    sell(giving, percent="12.5", why="cup", manager_id=manager_id, pin=PIN, reason="damaged")
    giving.charge("2.00")
    table = manager.get("/exports/sales.csv?first=2026-11-22&last=2026-11-22").text
    (first, second) = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert (first["Price USD"], first["Discount USD"], first["To pay USD"]) == (
        *("10.00", "1.25", "8.75"),
    )
    told = first["Per cent off"], first["Why"], first["Discount note"], first["Agreed by"]
    assert told == ("12.5", "Something is damaged", "cup", "Maly")
    assert (second["Price USD"], second["Discount USD"], second["Status"]) == ("2.00", "", "Open")
