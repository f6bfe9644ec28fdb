import pytest
from sqlalchemy.exc import IntegrityError

from pos.cash import Cash
from pos.database import writing
from pos.errors import NotFound, QrWaiting, Refused, SameAgain, ShiftClosed
from pos.extensions import db
from pos.models import Display, Payment, Sale, Shift, TipAsk, User
from pos.models.tip_ask import TipStatus
from pos.services.bookkeeping import auto_close, counting, shifts
from pos.services.selling import checkout, discounts, tenders, tip_asks, tips
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from pos.services.shop import displays
from pos.states import SaleStatus
from tests import said
from tests.factories import NO_FLOAT, create_user, new_key, usd
from tests.tipping import asking_shift, charge, sales


@pytest.fixture
def shift(context, shop):
    return asking_shift(shop)


def test_nothing_else_is_sold_while_the_customer_is_asked(shift):
    charge(shift)
    with pytest.raises(QrWaiting, match="asked for a tip"):
        charge(shift, usd("2.00"))
    with pytest.raises(QrWaiting, match="asked for a tip"):
        offer = Offer(given=Cash(500, 0))
        tenders.take_for_new_sale(shift.id, usd("5"), offer, new_key(), who="dara")
    assert sales() == []


def test_no_old_sale_gets_a_new_qr_while_the_customer_is_asked(shift, clock):
    tips.skip(charge(shift))
    old = checkout.live_payment(shift.till_id)
    clock.advance(301)
    displays.open_window(shift.till)
    assert charge(shift, usd("2.00")) is not None
    with pytest.raises(QrWaiting):
        checkout.new_qr(db.session.get_one(Payment, old.id), who="dara")


def test_nobody_is_asked_while_a_qr_waits(shift):
    tips.skip(charge(shift))
    with pytest.raises(QrWaiting):
        charge(shift, usd("2.00"))
    assert tip_asks.asking(shift.id) is None


def test_the_same_price_again_is_asked_about_though_a_tip_was_added(shift):
    tips.choose(charge(shift), 35)
    payment = checkout.live_payment(shift.till_id)
    said.tell(payment, said.paid(payment))
    with pytest.raises(SameAgain, match=r"\$3.50 was charged"):
        charge(shift, keyed=Keyed(asks=True))
    assert charge(shift, usd("3.85"), keyed=Keyed(asks=True)) is not None


def test_when_time_is_over_the_qr_comes_without_a_tip(shift, clock):
    charge(shift)
    clock.advance(19)
    tips.end_overdue(shift.id)
    assert sales() == []
    clock.advance(1)
    tips.end_overdue(shift.id)
    tips.end_overdue(shift.id)
    assert sales() == [(350, 0)]


def test_a_question_that_no_screen_ended_is_dropped_and_hinders_nobody(shift, clock):
    charge(shift)
    clock.advance(minutes=4)
    checkout.charge(shift.id, usd("2"), new_key(), who="dara")
    tips.end_overdue(shift.id)
    assert sales() == [(200, 0)]


def test_a_screen_that_comes_back_late_drops_the_question(shift, clock):
    charge(shift)
    clock.advance(minutes=4)
    tips.end_overdue(shift.id)
    assert (sales(), tip_asks.asking(shift.id)) == ([], None)


ENDS = {
    "count": lambda shift: counting.begin(shift.id),
    "close": lambda shift: shifts.close_shift(shift.id, shift.cashier_id),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_who_ends_the_shift_drops_the_question(shift, end):
    ask = charge(shift)
    end(shift)
    tips.choose(ask, 35)
    tips.skip(ask)
    assert (sales(), db.session.get_one(TipAsk, ask.id).status) == ([], TipStatus.DROPPED)


def test_a_forgotten_shift_is_closed_though_a_customer_was_asked(shift, clock):
    charge(shift)
    clock.advance(hours=17)
    auto_close.close_forgotten()
    assert (db.session.get_one(Shift, shift.id).closed_at is not None, sales()) == (True, [])


def test_a_till_finds_only_its_own_question(shift, shop):
    colleague = create_user(shop.store_id, "sokha")
    other = shifts.open_shift(shop.till_ids[1], colleague.id, NO_FLOAT)
    ask = charge(shift)
    assert tips.find(ask.id, shift.till_id).id == ask.id
    for wrong in ((ask.id, other.till_id), (ask.id + 1, shift.till_id)):
        with pytest.raises(NotFound):
            tips.find(*wrong)


def test_a_shift_has_one_question_at_a_time_by_the_database_itself(shift):
    ask = charge(shift)
    told = {name: getattr(ask, name) for name in TipAsk.__table__.columns.keys()}
    with pytest.raises(IntegrityError), writing(db.session):
        db.session.add(TipAsk(**{**told, "id": None, "key": new_key()}))


def test_a_tip_goes_on_what_a_discount_leaves(shift, shop):
    discounts.set_limit(db.session.get_one(User, shop.manager.id), 10)
    wish = discounts.Wish(
        before=usd("10"),
        off=usd("1"),
        permille=100,
        reason="regular",
        note="",
        given_by_id=shop.cashier.id,
    )
    row = discounts.give(shift.id, wish, new_key())
    ask = charge(shift, usd("9.00"), keyed=Keyed(discount_id=row.id, discount=100, note="table 7"))
    tips.choose(ask, 90)
    sale = db.session.query(Sale).one()
    assert (sale.amount, sale.tip, sale.before, sale.note) == (
        *(usd("9.90"), usd("0.90"), usd("10"), "table 7"),
    )
    with pytest.raises(Refused):
        charge(shift, usd("9.00"), keyed=Keyed(discount_id=row.id, discount=100))


def test_cash_instead_of_the_qr_takes_the_tip_too(shift):
    tips.choose(charge(shift), 50)
    payment = checkout.live_payment(shift.till_id)
    with pytest.raises(Refused, match=r"\$0.50 is missing"):
        tenders.take_for(payment, shift.id, Offer(given=Cash(350)), new_key(), who="dara")
    tenders.take_for(payment, shift.id, Offer(given=Cash(400)), new_key(), who="dara")
    assert db.session.query(Sale).one().status is SaleStatus.PAID


def test_a_new_qr_of_the_sale_is_over_price_and_tip(shift):
    tips.choose(charge(shift), 50)
    fresh = checkout.new_qr(checkout.live_payment(shift.till_id), who="dara")
    assert fresh.amount == usd("4")


def test_a_closed_shift_asks_nobody(shift):
    counting.begin(shift.id)
    with pytest.raises(ShiftClosed):
        charge(shift)
    assert db.session.query(Display).count() == 1


def test_a_store_that_asks_no_more_drops_the_open_question(shift, shop):
    charge(shift)
    tips.set_asking(db.session.get_one(User, shop.manager.id), asks=False)
    assert tip_asks.asking(shift.id) is None
    charge(shift)
    assert sales() == [(350, 0)]
