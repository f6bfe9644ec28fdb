import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from pos.cash import Cash, Rate
from pos.errors import NotFound, Refused
from pos.extensions import db
from pos.models import Payment, Receipt, Sale, User
from pos.money import Currency, Money
from pos.reports.paperwork import receipt as report
from pos.services.paperwork import receipts
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests import said
from tests.factories import (
    PIN,
    charge,
    create_other_shop,
    give_pin,
    khr,
    mark,
    open_shift,
    set_rate,
    usd,
)

pytestmark = pytest.mark.usefixtures("context")


RATE = Rate(buy=4_000, sell=4_100)


def khr_of(minor):
    return Money(minor, Currency.KHR)


def sell(shift, amount=None):
    payment = charge(shift, amount)
    said.tell(payment, said.paid(payment))
    return payment.sale_id


def test_receipts_of_a_store_are_numbered_whatever_the_till(shop):
    sales = [sell(open_shift(shop))]
    numbers = [receipts.issue(sale).number for sale in (*sales, sales[0])]
    assert numbers == [1, 1]
    sales.append(sell(db.session.get_one(Sale, sales[0]).shift))
    assert receipts.issue(sales[1]).number == 2


def test_stores_count_their_receipts_apart(shop, bank):
    other = create_other_shop(bank.url, bank.token())
    assert receipts.issue(sell(open_shift(shop))).number == 1
    assert receipts.issue(sell(open_shift(other))).number == 1


def test_what_is_not_paid_has_no_receipt(shop):
    payment = charge(open_shift(shop))
    with pytest.raises(Refused, match="paid"):
        receipts.issue(payment.sale_id)
    assert db.session.scalars(select(Receipt)).all() == []


def test_a_receipt_tells_who_was_paid_what_and_how(shop):
    payment = charge(open_shift(shop), khr("15000"))
    said.tell(payment, said.paid(payment))
    view = report.from_json(receipts.issue(payment.sale_id).body)
    assert (view.store_name, view.till_name, view.cashier_name) == ("Riverside", "Till 1", "Dara")
    assert (view.amount, view.tenders[0].amount) == (khr("15000"), khr("15000"))
    assert (view.tenders[0].tender, view.tenders[0].reference) == ("KHQR", payment.tran_id)
    assert view.is_practice


def test_a_sale_marked_by_hand_says_so_on_its_receipt(shop):
    payment = charge(open_shift(shop))
    said.tell(payment, said.unknown(said.Trouble.DOWN))
    give_pin(shop.manager)
    mark(payment.id, shop)
    (line,) = report.from_json(receipts.issue(payment.sale_id).body).tenders
    assert (line.tender, line.amount, PIN) == ("KHQR, marked by hand", usd("3.50"), PIN)


def cash(shop, amount, given, **more):
    """Take cash for a sale at $1 for 4,000 riel, given for 4,100; return its sale and tender."""
    set_rate(shop)
    offer = Offer(given=given, **more)
    return tenders.take_for_new_sale(open_shift(shop).id, amount, offer, "a-cash-key", who="dara")


def printed(sale_id):
    """What the paper says was paid, a line each."""
    view = report.from_json(receipts.issue(sale_id).body)
    paid = report.document(view).sections[-1]
    return [f"{line.label}: {line.value}" for line in paid.lines]


def test_a_receipt_for_cash_tells_the_notes_the_change_and_the_rate(shop):
    tender = cash(shop, usd("3.59"), Cash(500, 0))
    view = report.from_json(receipts.issue(tender.sale_id).body)
    (line,) = view.tenders
    assert (line.given, line.change, line.rounding) == (Cash(500), Cash(100, 1_600), khr_of(40))
    assert (view.amount, line.amount, view.rate) == (usd("3.59"), usd("3.59"), RATE)
    told = ["Cash: $3.59", "Given: $5", "Change: $1 and ៛1,600", "Rounding: ៛40"]
    assert printed(tender.sale_id) == [*told, "$1 buy / sell: ៛4,000 / ៛4,100"]


def test_a_sale_split_between_cash_and_a_qr_tells_both(shop):
    tender = cash(shop, usd("10"), Cash(400, 0), rest_by_qr=True)
    (payment,) = db.session.scalars(select(Payment))
    said.tell(payment, said.paid(payment))
    told = ["Cash: $4.00", "Given: $4", "Change: none", "KHQR: $6.00"]
    assert printed(tender.sale_id)[:5] == [*told, f"Number: {payment.tran_id}"]


def test_the_rate_of_a_receipt_is_that_of_the_sale(shop):
    tender = cash(shop, usd("3.50"), Cash(500, 0))
    set_rate(shop, 4_050, 4_150)
    assert "$1 buy / sell: ៛4,000 / ៛4,100" in printed(tender.sale_id)


def test_a_receipt_by_qr_tells_no_rate(shop):
    set_rate(shop)
    assert [one for one in printed(sell(open_shift(shop))) if "buy" in one] == []


def test_a_receipt_of_before_cash_is_still_read_and_printed(shop):
    body = json.loads(receipts.issue(sell(open_shift(shop))).body)
    del body["rate"]
    for line in body["tenders"]:
        for name in ("given", "change", "rounding"):
            del line[name]
    view = report.from_json(json.dumps(body))
    assert (view.rate, view.tenders[0].given) == (None, None)
    assert report.document(view).sections[-1].lines[0].value == "$3.50"


def test_a_receipt_never_changes_once_written(shop):
    sale = sell(open_shift(shop))
    before = receipts.issue(sale).body
    db.session.get_one(User, shop.cashier.id).display_name = "Another"
    assert receipts.issue(sale).body == before


def test_a_receipt_is_seen_by_its_cashier_and_managers_only(shop, bank):
    sale = sell(open_shift(shop))
    other = create_other_shop(bank.url, bank.token())
    for person in (shop.cashier, shop.manager):
        assert receipts.find_sale(sale, db.session.get_one(User, person.id)).id == sale
    for person in (other.cashier, other.manager):
        with pytest.raises(NotFound):
            receipts.find_sale(sale, db.session.get_one(User, person.id))


def test_many_at_once_get_one_number_each_and_no_sale_two(shop, app):
    shift = open_shift(shop)
    sales = [sell(shift) for _ in range(8)] * 3

    def issue(sale):
        with app.app_context():
            return sale, receipts.issue(sale).number

    with ThreadPoolExecutor(8) as crew:
        found = set(crew.map(issue, sales))
    assert sorted(number for _, number in found) == list(range(1, 9))
