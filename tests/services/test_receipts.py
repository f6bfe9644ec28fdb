from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from pos.errors import NotFound, Refused
from pos.extensions import db
from pos.models import Receipt, Sale, User
from pos.reports import receipt as report
from pos.services import receipts
from tests import said
from tests.factories import PIN, charge, create_other_shop, give_pin, khr, mark, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")


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
