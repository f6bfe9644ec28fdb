from datetime import date

import pytest

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Payment, Store, User
from pos.reports.office import figures
from pos.reports.office.spans import Span
from pos.services.selling import checkout, discounts, tenders
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from tests import said
from tests.factories import khr, new_key, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2026, 11, 22)


def of(shop):
    return figures.of_store(db.session.get_one(User, shop.manager.id), Span(TODAY, TODAY))


def charge_keyed(shift, amount, keyed):
    return checkout.charge(shift.id, amount, new_key(), who="cashier:dara", keyed=keyed)


def test_tips_are_counted_by_currency_and_are_in_the_takings(shop):
    shift = open_shift(shop)
    for amount, tip in ((usd("11"), 100), (usd("22"), 201), (usd("5"), 0), (khr("5500"), 500)):
        payment = charge_keyed(shift, amount, Keyed(tip=tip))
        said.tell(payment, said.paid(payment))
    charge_keyed(shift, usd("9"), Keyed(tip=900 - 1))
    dollars, riel = of(shop).headlines
    assert (dollars.taken, dollars.tips.count, dollars.tips.amount) == (usd("38"), 2, usd("3.01"))
    assert (dollars.tips.average, riel.tips.amount) == (usd("1.51"), khr("500"))
    assert (dollars.sold.count, dollars.discounts) == (3, None)


def test_a_tip_of_a_sale_paid_in_two_ways_counts_once(shop):
    shift = open_shift(shop)
    offer, keyed = Offer(given=Cash(200), rest_by_qr=True), Keyed(tip=100)
    tenders.take_for_new_sale(shift.id, usd("6"), offer, new_key(), who="dara", keyed=keyed)
    rest = db.session.query(Payment).one()
    said.tell(rest, said.paid(rest))
    (dollars,) = of(shop).headlines
    assert (dollars.taken, dollars.tips.count, dollars.tips.amount) == (usd("6"), 1, usd("1"))


def test_discounts_are_counted_once_their_sale_is_paid(shop):
    shift = open_shift(shop)
    with writing(db.session):
        db.session.get_one(Store, shop.store_id).discount_limit = 50
    wish = discounts.Wish(before=usd("10"), off=usd("1"), permille=100, reason="staff", note="",
                          given_by_id=shop.cashier.id)  # fmt: skip
    row = discounts.give(shift.id, wish, new_key())
    payment = charge_keyed(shift, usd("9"), Keyed(discount_id=row.id, discount=row.minor))
    assert not of(shop).has_tips_or_discounts
    said.tell(payment, said.paid(payment))
    (dollars,) = of(shop).headlines
    assert (dollars.taken, dollars.discounts.amount, dollars.tips) == (usd("9"), usd("1"), None)
