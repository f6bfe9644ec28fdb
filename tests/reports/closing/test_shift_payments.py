import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import Payment
from pos.reports.closing import settled_part, shift_figures, shift_payments
from tests import said
from tests.factories import charge, close_shift, khr, mark, open_shift, set_rate, usd
from tests.random_days import Day

pytestmark = pytest.mark.usefixtures("context")


def test_money_of_an_earlier_shifts_sale_settles_here_and_its_qr_was_made_there(shop):
    earlier = open_shift(shop)
    marked = charge(earlier, usd("3.50"))
    said.tell(marked, said.unknown(Trouble.DOWN))
    mark(marked.id, shop)
    close_shift(earlier, shop.cashier)
    shift = open_shift(shop)
    own = charge(shift, usd("1"))
    for payment in (db.session.get_one(Payment, marked.id), own):
        said.tell(payment, said.paid(payment))
    found = shift_payments.of_shift(shift.id)
    assert [row.tran_id for row in found.made] == [own.tran_id]
    assert [row.tran_id for row in found.settled] == [marked.tran_id, own.tran_id]
    told = shift_figures.of_shift(shift)
    assert told["totals"][0].amount == usd("4.50") and told["health"].attempts == 1
    assert shift_figures.of_shift(earlier)["totals"] == ()


def test_what_is_reckoned_of_the_rows_is_what_the_database_reckons(shop):
    set_rate(shop)
    one = Day(shop)
    for name in (
        "cash",
        "khqr",
        "discounted",
        "tipped",
        "tipped_in_cash",
        "split",
        "twice",
        "wrong",
    ):
        one.do(name, usd("3.59"), Cash(500, 2_000))
        one.do(name, khr("12270"), Cash(300, 9_000))
    rows = shift_payments.of_shift(one.shift.id).settled
    reckoned = settled_part.of_rows(one.shift.id, rows)
    assert reckoned == settled_part.of_shift(one.shift.id)
    assert reckoned.keyed_rounding.minor and reckoned.tips and reckoned.discounts
