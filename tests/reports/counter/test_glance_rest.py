import pytest

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Till
from pos.reports.counter import glance
from pos.services.bookkeeping import shifts
from pos.services.selling import tenders
from pos.services.settling import answers
from pos.services.shop import displays
from pos.states import ShiftStatus
from tests import said
from tests.factories import charge, new_key, open_shift, pair_screen, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    set_rate(shop)
    return open_shift(shop)


@pytest.fixture
def watch(context, shop):
    """A look at a customer's screen that follows the first till."""
    token = displays.start().token
    pair_screen(displays.of_token(token).pairing_code, db.session.get_one(Till, shop.till_id))
    return lambda: glance.at_display(displays.hash_of(token), displays.SEEN_EVERY)


def test_the_customer_sees_a_till_pause_and_close(shift, shop, watch):
    with writing(db.session):
        shift.status = ShiftStatus.COUNTING
    paused = watch()
    shifts.close_shift(shift.id, shop.cashier.id)
    assert (paused.phase, watch().phase) == ("paused", "closed")
    assert paused.mark != watch().mark


def take_cash(shift, amount="3.50", dollars=400, **more):
    offer = tenders.Offer(given=Cash(dollars, more.pop("riel", 0)), **more)
    return tenders.take_for_new_sale(shift.id, usd(amount), offer, new_key(), who=WHO)


def test_the_customer_sees_cash_as_paid_until_the_next_charge(shift, watch, clock):
    before = watch().mark
    take_cash(shift)
    assert watch().phase == "cash" and watch().mark != before
    clock.advance(1)
    charge(shift)
    assert watch().phase == "waiting"


def test_two_cash_sales_at_once_are_two_screens(shift, watch):
    take_cash(shift)
    first = watch().mark
    take_cash(shift)
    assert watch().phase == "cash" and watch().mark != first


def test_cash_clears_the_customers_screen_by_itself(shift, watch, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    take_cash(shift)
    clock.advance(7.999)
    assert watch().phase == "cash"
    clock.advance(0.001)
    assert watch().phase == "idle"


def test_cash_for_a_part_is_not_told_as_paid(shift, watch):
    take_cash(shift, dollars=200, rest_by_qr=True)
    assert watch().phase == "waiting"
