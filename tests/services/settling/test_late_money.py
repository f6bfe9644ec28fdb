from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayTransaction, PaymentEvent, ZReport
from pos.reports.closing import z_report
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus, Remark, SaleStatus
from tests import said
from tests.factories import charge, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"
MS = timedelta(milliseconds=1)


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift, usd("3.50"))


def state(payment):
    return payment.status, payment.remark, payment.sale.status


def expire(payment, clock):
    """Let the time pass, and the bank say late enough that nothing came."""
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.EXPIRED


def give_up(payment):
    checkout.cancel(payment, who=WHO)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.CANCELLED


def in_time(payment):
    return payment.expires_at + timedelta(seconds=10)


def settled_by(payment):
    query = select(GatewayTransaction.settles_sale_id).order_by(GatewayTransaction.id)
    return db.session.scalars(query.where(GatewayTransaction.payment_id == payment.id)).all()


def history(payment):
    query = select(PaymentEvent.name).where(PaymentEvent.payment_id == payment.id)
    return [str(name) for name in db.session.scalars(query.order_by(PaymentEvent.id))]


def test_money_sent_in_the_last_second_and_learned_at_once_is_an_ordinary_success(payment, clock):
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(6)
    said.tell(payment, said.paid(payment, paid_at=payment.expires_at - MS))
    assert state(payment) == (P.PAID, None, S.PAID)


def test_money_sent_in_time_and_learned_of_late_settles_with_a_remark(payment, clock):
    expire(payment, clock)
    clock.advance(minutes=20)
    said.tell(payment, said.paid(payment, paid_at=in_time(payment)))
    assert state(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)
    assert settled_by(payment) == [payment.sale_id]


def test_money_sent_too_late_is_kept_and_the_sale_stays_open(payment, clock):
    expire(payment, clock)
    clock.advance(minutes=20)
    said.tell(payment, said.paid(payment, paid_at=in_time(payment) + MS))
    assert state(payment) == (P.EXPIRED, Remark.PAID_LATE, S.OPEN)
    assert settled_by(payment) == [None]
    assert history(payment)[-1] == "late_money"


@pytest.mark.parametrize("ended_by_worker", [True, False])
def test_money_sent_too_late_ends_a_qr_that_nobody_had_ended_yet(payment, clock, ended_by_worker):
    clock.advance(minutes=10)
    if ended_by_worker:
        answers.expire_due()
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.EXPIRED, Remark.PAID_LATE, S.OPEN)
    assert history(payment) == ["qr_shown", "time_up", "expired", "late_money"]


def test_money_in_flight_while_the_cashier_cancels_wins(payment):
    checkout.cancel(payment, who=WHO)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.PAID, None, S.PAID)


def test_money_after_a_cancel_is_kept_and_revives_nothing(payment):
    give_up(payment)
    assert payment.sale.status is S.VOIDED
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL, S.VOIDED)
    assert settled_by(payment) == [None]


def test_money_too_late_for_a_cancel_that_waits_ends_it(payment, clock):
    checkout.cancel(payment, who=WHO)
    clock.advance(minutes=20)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL, S.VOIDED)


def test_a_second_transfer_on_a_paid_qr_is_a_duplicate(payment):
    said.tell(payment, said.paid(payment))
    said.tell(payment, said.paid(payment, reference="another-transfer"))
    assert state(payment) == (P.PAID, Remark.DUPLICATE, S.PAID)
    assert settled_by(payment) == [payment.sale_id, None]


def test_right_money_after_wrong_money_is_kept_for_a_person_to_sort_out(payment):
    said.tell(payment, said.paid(payment, amount=usd("3.49")))
    said.tell(payment, said.paid(payment, reference="another-transfer"))
    assert state(payment) == (P.MISMATCH, Remark.DUPLICATE, S.OPEN)
    assert settled_by(payment) == [None, None]


def test_wrong_money_after_the_end_is_told_as_wrong(payment, clock):
    expire(payment, clock)
    said.tell(payment, said.paid(payment, amount=usd("3.49")))
    assert state(payment) == (P.EXPIRED, Remark.UNDERPAID, S.OPEN)


def test_a_failed_transfer_keeps_the_qr_alive_for_another(payment):
    said.tell(payment, said.FAILED)
    assert state(payment) == (P.FAILED, None, S.OPEN)
    assert checkout.is_live(payment)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.PAID, None, S.PAID)


def test_a_failed_qr_is_dead_when_its_time_is_up_but_its_money_is_found(payment, clock):
    said.tell(payment, said.FAILED)
    clock.advance(300)
    assert not checkout.is_live(payment)
    clock.advance(60)
    said.tell(payment, said.paid(payment, paid_at=payment.expires_at))
    assert state(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)


def test_a_sale_given_up_is_voided_by_its_last_qr_however_that_ends(payment, clock):
    clock.advance(300)
    answers.expire_due()
    fresh = checkout.new_qr(payment, who=WHO)
    give_up(fresh)
    assert payment.sale.status is S.OPEN
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    assert state(payment) == (P.EXPIRED, None, S.VOIDED)


def test_a_sale_given_up_is_voided_when_its_last_qr_is_paid_too_late(payment, clock):
    clock.advance(300)
    answers.expire_due()
    give_up(checkout.new_qr(payment, who=WHO))
    clock.advance(60)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.EXPIRED, Remark.PAID_LATE, S.VOIDED)


def test_money_found_while_the_till_is_closed_lands_with_the_next_shift(payment, shop, clock):
    expire(payment, clock)
    shifts.close_shift(payment.sale.shift_id, shop.cashier.id)
    said.tell(payment, said.paid(payment, paid_at=payment.expires_at))
    assert state(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)
    assert payment.paid_shift_id is None
    following = open_shift(shop)
    assert payment.paid_shift_id == following.id


def test_a_closed_report_does_not_change_when_late_money_comes(payment, shop, clock):
    expire(payment, clock)
    number = shifts.close_shift(payment.sale.shift_id, shop.cashier.id).number
    before = db.session.scalars(select(ZReport.body)).one()
    said.tell(payment, said.paid(payment, paid_at=payment.expires_at))
    clock.advance(1)
    shifts.close_shift(open_shift(shop).id, shop.cashier.id)
    first, second = db.session.scalars(select(ZReport).order_by(ZReport.id))
    assert (first.body, first.number, second.number) == (before, number, number + 1)
    assert [line.tran_id for line in z_report.from_json(second.body).payments] == [payment.tran_id]


def test_late_money_is_found_by_the_watch_without_anybody_asking(payment, bank, clock):
    expire(payment, clock)
    bank.pay(payment.qr_string, at=payment.expires_at.isoformat())
    clock.advance(14)
    assert questions.due() == []
    clock.advance(1)
    assert questions.due() == [payment.id]
    assert questions.ask_if_due(payment.id)
    assert state(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)


def test_two_tills_with_one_amount_in_one_second_are_each_paid_by_their_own(shop, payment):
    other_shift = shifts.open_shift(shop.till_ids[1], shop.manager.id, (usd("1"), usd("1")))
    other = charge(other_shift, usd("3.50"))
    assert other.qr_string != payment.qr_string
    assert other.lookup != payment.lookup
    said.tell(other, said.paid(other))
    assert state(other) == (P.PAID, None, S.PAID)
    assert state(payment) == (P.AWAITING, None, S.OPEN)
