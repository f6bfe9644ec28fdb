from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayTransaction, User
from pos.reports.office import attention as queue
from pos.services.selling import checkout
from pos.services.settling import answers, attention
from pos.services.settling.attention import Decision
from pos.states import PaymentStatus, Remark, ResolutionKind, SaleStatus
from tests import said
from tests.factories import charge, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
FAST = timedelta(minutes=20)


@pytest.fixture
def payment(context, shop, clock):
    """Made by a clock that was twenty minutes fast, and has been set right since."""
    payment = charge(open_shift(shop))
    clock.advance(-FAST.total_seconds() + 30)
    return payment


def booked():
    return db.session.scalars(select(GatewayTransaction)).all()


def state(payment):
    return payment.status, payment.remark, len(booked())


def until_over(payment, clock):
    clock.time = payment.expires_at + timedelta(seconds=10)
    answers.expire_due()


def test_while_the_qr_lives_it_counts_as_could_not_ask(payment, clock):
    sent_at = clock.time
    for _ in range(3):
        said.tell(payment, said.paid(payment, paid_at=sent_at))
        clock.advance(30)
    assert (*state(payment), payment.trouble) == (P.AWAITING, None, 0, "garbled")


def test_after_its_end_a_person_gets_to_decide(payment, shop, clock):
    money = said.paid(payment, paid_at=clock.time)
    said.tell(payment, money)
    until_over(payment, clock)
    said.tell(payment, money)
    assert state(payment) == (P.MISMATCH, Remark.ODD_TIME, 1)
    assert (payment.sale.status, payment.trouble) == (SaleStatus.OPEN, "")
    (item,) = queue.queue(db.session.get_one(User, shop.manager.id)).items
    assert item.remark is Remark.ODD_TIME


def test_one_such_answer_is_not_enough(payment, clock):
    sent_at = clock.time
    until_over(payment, clock)
    said.tell(payment, said.paid(payment, paid_at=sent_at))
    assert state(payment) == (P.EXPIRING, None, 0)
    said.tell(payment, said.paid(payment))
    assert state(payment) == (P.PAID, None, 1)


def test_a_payment_given_up_before_keeps_its_state_and_calls_a_person(payment, clock):
    sent_at = clock.time
    until_over(payment, clock)
    said.tell(payment, said.NOT_FOUND)
    for _ in range(2):
        said.tell(payment, said.paid(payment, paid_at=sent_at))
    assert state(payment) == (P.EXPIRED, Remark.ODD_TIME, 1)


def test_a_cancelled_one_need_not_wait_for_its_end(payment, clock):
    sent_at = clock.time
    said.tell(payment, said.paid(payment, paid_at=sent_at))
    checkout.cancel(payment, who="cashier:dara")
    clock.time = payment.changed_at
    said.tell(payment, said.paid(payment, paid_at=sent_at))
    assert state(payment) == (P.MISMATCH, Remark.ODD_TIME, 1)


def test_a_time_that_is_still_to_come_is_waited_for(payment, clock):
    until_over(payment, clock)
    ahead = clock.time + timedelta(hours=1)
    for _ in range(3):
        said.tell(payment, said.paid(payment, paid_at=ahead))
    assert state(payment) == (P.EXPIRING, None, 0)
    clock.time = ahead
    said.tell(payment, said.paid(payment, paid_at=ahead))
    assert len(booked()) == 1


def test_a_time_that_never_comes_is_not_waited_for(payment, clock):
    until_over(payment, clock)
    for _ in range(2):
        said.tell(payment, said.paid(payment, paid_at=clock.time + timedelta(days=400)))
    assert state(payment)[1:] == (Remark.ODD_TIME, 1)


def test_wrong_money_is_called_wrong_whatever_its_time(payment, clock):
    money = said.paid(payment, paid_at=clock.time, amount=usd("1.00"))
    until_over(payment, clock)
    for _ in range(2):
        said.tell(payment, money)
    assert payment.remark is Remark.UNDERPAID


def test_a_manager_may_let_it_settle_the_sale(payment, shop, clock):
    money = said.paid(payment, paid_at=clock.time)
    until_over(payment, clock)
    for _ in range(2):
        said.tell(payment, money)
    decision = Decision(
        kind=ResolutionKind.ACCEPTED,
        reason="goods_given",
        note="",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    attention.resolve(payment.id, booked()[0].id, decision, who="cashier:dara")
    assert (payment.status, payment.sale.status) == (P.PAID, SaleStatus.PAID)
    assert booked()[0].settles_sale_id == payment.sale_id
