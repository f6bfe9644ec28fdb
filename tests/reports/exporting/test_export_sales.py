from datetime import date

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import User
from pos.reports.closing import settled_part
from pos.reports.exporting import export_table
from pos.reports.exporting.export_sales import SALES
from pos.reports.exporting.export_table import Span
from pos.services.selling import checkout, discounts, tenders
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from tests import said
from tests.factories import mark, new_key, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

ON = date(2026, 11, 22)


@pytest.fixture
def half_paid(shop):
    """A sale of $10.00 less a dollar, of which four dollars were given in cash."""
    discounts.set_limit(db.session.get_one(User, shop.manager.id), 10)
    shift = open_shift(shop)
    told = {"permille": 100, "reason": "regular", "note": "", "given_by_id": shop.cashier.id}
    wish = discounts.Wish(before=usd("10"), off=usd("1"), **told)
    row = discounts.give(shift.id, wish, new_key())
    offer, keyed = Offer(given=Cash(400), rest_by_qr=True), Keyed(discount_id=row.id, discount=100)
    by = {"who": "dara", "keyed": keyed}
    tenders.take_for_new_sale(shift.id, usd("9"), offer, new_key(), **by)
    return checkout.live_payment(shift.till_id)


def told(shop, payment):
    names = [column.name for column in SALES.columns]
    rows = export_table.rows(SALES, Span(shop.store_id, ON, ON))
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    totals = settled_part.of_shift(payment.sale.shift_id).discounts
    return [one["Status"] for one in listed], [(one.count, str(one.amount)) for one in totals]


def test_a_sale_that_nothing_has_settled_is_listed_and_counts_nowhere(shop, half_paid):
    assert told(shop, half_paid) == (["Open"], [])


def test_a_sale_paid_by_cash_and_qr_is_one_row_and_counts_once(shop, half_paid):
    said.tell(half_paid, said.paid(half_paid))
    assert told(shop, half_paid) == (["Paid"], [(1, "$1.00")])


def test_a_sale_paid_by_cash_in_two_parts_is_one_row_and_counts_once(shop, half_paid):
    shift_id = half_paid.sale.shift_id
    tenders.take_for(half_paid, shift_id, Offer(given=Cash(500)), new_key(), who="dara")
    assert told(shop, half_paid) == (["Paid"], [(1, "$1.00")])


def test_a_sale_that_was_given_up_is_listed_as_void_and_counts_nowhere(shop, half_paid):
    tenders.give_back(half_paid, asked_by_id=shop.cashier.id, who="dara")
    assert told(shop, half_paid) == (["Voided"], [])


def test_a_sale_marked_by_hand_counts_when_the_bank_reports_its_money(shop, half_paid):
    said.tell(half_paid, said.unknown(Trouble.DOWN))
    mark(half_paid.id, shop)
    assert told(shop, half_paid) == (["Paid"], [])
    said.tell(half_paid, said.paid(half_paid))
    assert told(shop, half_paid) == (["Paid"], [(1, "$1.00")])
