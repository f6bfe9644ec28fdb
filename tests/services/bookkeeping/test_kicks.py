import pytest

from pos.cash import Cash
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db
from pos.models import Payment, Printer
from pos.services.bookkeeping import drawer
from pos.services.bookkeeping.drawer import Wish
from pos.services.paperwork import printing
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests.factories import charge, khr, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    """A till whose printer opens the drawer, with a rate and $50 in it."""
    set_rate(shop)
    printing.set_printer(shop.till_id, "tcp://127.0.0.1:9", has_drawer=True)
    return open_shift(shop, floats=(usd("50"), khr("100000")))


def is_asked():
    """Whether the drawer was asked to open since the last time."""
    with writing(db.session):
        (row,) = db.session.query(Printer).all()
        asked, row.kick_asked_at = row.kick_asked_at, None
    return asked is not None


def take(shift, key="one", dollars=500, **more):
    offer = Offer(given=Cash(dollars, 0), **more)
    return tenders.take_for_new_sale(shift.id, usd("3.50"), offer, key, who="dara")


def wish(shop, kind, cents, reason):
    manager = shop.manager.id
    asked = {"asked_by_id": shop.cashier.id, "approved_by_id": manager}
    return Wish(kind=kind, cash=Cash(cents, 0), reason=reason, **asked)


def test_cash_that_is_taken_opens_the_drawer_once(shift):
    take(shift)
    assert is_asked()
    take(shift)
    assert not is_asked()


def test_cash_that_is_refused_leaves_the_drawer_shut(shift):
    with pytest.raises(Refused):
        take(shift, dollars=100)
    assert not is_asked()


def test_a_qr_leaves_the_drawer_shut_and_cash_instead_opens_it(shift):
    payment = charge(shift)
    assert not is_asked()
    tenders.take_for(payment, shift.id, Offer(given=Cash(500, 0)), "two", who="dara")
    assert is_asked()


def test_a_part_that_goes_back_opens_the_drawer_once(shop, shift):
    sale_id = take(shift, dollars=100, rest_by_qr=True).sale_id
    assert is_asked()
    payment = db.session.query(Payment).filter_by(sale_id=sale_id).one()
    for opens in (True, False):
        tenders.give_back(payment, asked_by_id=shop.cashier.id, who="dara")
        assert is_asked() is opens


MOVES = [
    (MovementKind.PAID_IN, 2_000, "change_brought"),
    (MovementKind.PAID_OUT, 500, "supplies"),
    (MovementKind.NO_SALE, 0, "looked"),
]


@pytest.mark.parametrize("move", MOVES)
def test_a_drawer_opened_without_a_sale_opens_once_for_each_entry(shop, shift, move):
    for opens in (True, False):
        drawer.move(shift.id, wish(shop, *move), "three")
        assert is_asked() is opens


def test_a_refund_in_cash_opens_the_drawer(shop, shift):
    sale_id = take(shift).sale_id
    assert is_asked()
    asked = wish(shop, MovementKind.REFUND, 0, "goods_back")
    drawer.refund(shift.id, sale_id, usd("3.50"), asked, "four")
    assert is_asked()


def test_a_printer_without_a_drawer_is_not_asked(shop, shift):
    printing.set_printer(shop.till_id, "tcp://127.0.0.1:9", has_drawer=False)
    take(shift)
    assert not is_asked()
