import pytest
from sqlalchemy import func, select, text

from pos.database import writing
from pos.errors import QrWaiting, Refused, SaleAlreadyPaid, ShiftClosed
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout, issuing
from pos.services.settling import answers
from pos.states import PaymentStatus, Remark, SaleStatus
from tests import said
from tests.factories import charge, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift, usd("3.50"))


def count(kind):
    return db.session.scalar(select(func.count(kind.id)))


def pay(payment):
    said.tell(payment, said.paid(payment))


def state(payment):
    return payment.status, payment.remark, payment.sale.status


def settled_by(payment):
    query = select(GatewayTransaction.settles_sale_id)
    return db.session.scalars(query.where(GatewayTransaction.payment_id == payment.id)).all()


def test_a_new_qr_is_another_code_for_the_same_sale(shift):
    older = charge(shift, usd("2"))
    fresh = checkout.new_qr(older, who=WHO)
    assert (older.status, fresh.status) == (P.CANCEL_REQUESTED, P.AWAITING)
    assert (fresh.sale_id, fresh.amount) == (older.sale_id, usd("2"))
    assert fresh.qr_string != older.qr_string
    assert (count(Sale), checkout.live_payment(shift.till_id)) == (1, fresh)


def test_withdrawing_the_older_code_does_not_void_the_sale(shift):
    older = charge(shift)
    fresh = checkout.new_qr(older, who=WHO)
    said.tell(older, said.NOT_FOUND)
    assert older.sale.status is S.OPEN
    pay(fresh)
    assert older.sale.status is S.PAID


@pytest.mark.parametrize("state", ["failed", "expiring", "expired", "create_failed"])
def test_a_new_qr_is_made_after_whatever_went_wrong(shift, clock, state):
    payment = charge(shift)
    if state == "failed":
        said.tell(payment, said.FAILED)
    elif state == "create_failed":
        payment = give_up(stuck_again(payment), clock)
    else:
        clock.advance(300)
        answers.expire_due()
        clock.advance(10)
        said.tell(payment, said.NOT_FOUND if state == "expired" else said.unknown("down"))
    assert payment.status == state
    assert checkout.new_qr(payment, who=WHO).status is P.AWAITING


def stuck_again(payment):
    with writing(db.session):
        db.session.execute(text("UPDATE payment SET status = 'creating', lookup = NULL"))
    return payment


def give_up(payment, clock):
    clock.advance(30)
    issuing.give_up_stuck()
    return payment


def test_no_new_qr_for_a_sale_that_is_paid_or_given_up(shift):
    payment = charge(shift)
    pay(payment)
    with pytest.raises(SaleAlreadyPaid):
        checkout.new_qr(payment, who=WHO)
    other = charge(shift)
    checkout.cancel(other, who=WHO)
    with pytest.raises(Refused, match="was cancelled"):
        checkout.new_qr(other, who=WHO)
    assert count(Payment) == 2


def test_no_new_qr_while_the_till_shows_another_sales(shift, clock):
    older = charge(shift)
    clock.advance(300)
    answers.expire_due()
    charge(shift)
    with pytest.raises(QrWaiting):
        checkout.new_qr(older, who=WHO)


def test_no_new_qr_for_wrong_money_or_a_closed_shift(shift, shop, clock):
    wrong = charge(shift)
    said.tell(wrong, said.paid(wrong, amount=usd("9")))
    with pytest.raises(Refused, match="cannot get a new QR"):
        checkout.new_qr(wrong, who=WHO)
    old = charge(shift)
    clock.advance(300)
    answers.expire_due()
    shifts.close_shift(shift.id, shop.cashier.id)
    with pytest.raises(ShiftClosed):
        checkout.new_qr(old, who=WHO)


def test_the_first_of_two_paid_qrs_settles_and_the_second_is_a_duplicate(payment):
    fresh = checkout.new_qr(payment, who=WHO)
    said.tell(fresh, said.paid(fresh))
    said.tell(payment, said.paid(payment))
    assert state(fresh) == (P.PAID, None, S.PAID)
    assert state(payment) == (P.PAID, Remark.DUPLICATE, S.PAID)
    assert (settled_by(fresh), settled_by(payment)) == ([fresh.sale_id], [None])


def test_the_older_qr_may_be_the_one_that_settles(payment):
    fresh = checkout.new_qr(payment, who=WHO)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.PAID, None, S.PAID)
    assert fresh.status is P.CANCEL_REQUESTED
    said.tell(fresh, said.paid(fresh))
    assert state(fresh) == (P.PAID, Remark.DUPLICATE, S.PAID)


def test_a_withdrawn_qr_that_is_paid_in_time_settles_though_it_was_called_off(payment):
    fresh = checkout.new_qr(payment, who=WHO)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.CANCELLED
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)
    assert fresh.status is P.CANCEL_REQUESTED


def test_a_second_transfer_on_a_cancelled_double_is_told_of_too(payment):
    fresh = checkout.new_qr(payment, who=WHO)
    said.tell(payment, said.paid(payment))
    said.tell(fresh, said.NOT_FOUND)
    said.tell(fresh, said.paid(fresh))
    assert state(fresh) == (P.CANCELLED, Remark.DUPLICATE, S.PAID)


def test_every_qr_is_another_even_in_one_instant_for_one_amount(shift):
    payments = [charge(shift, usd("1"))]
    for _ in range(20):
        payments.append(checkout.new_qr(payments[-1], who=WHO))
    assert len({one.lookup for one in payments}) == len({one.tran_id for one in payments}) == 21
