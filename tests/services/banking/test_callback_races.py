"""Races of a callback with the poller, with itself, and with whoever forges it."""

from functools import partial

import pytest
from sqlalchemy import func, select

from pos.errors import BadSignature
from pos.extensions import db
from pos.models import GatewayCallback, GatewayTransaction, PaymentEvent
from pos.services.asking import questions
from pos.services.banking import callbacks
from pos.states import PaymentStatus
from tests import racing
from tests.factories import charge
from tests.payway import shift, shop
from tests.signing import body_of, signed

__all__ = ["shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

PAID = PaymentStatus.PAID


def hear(tran_id, key="", **fields):
    raw, headers = signed(body_of(tran_id, **fields), key)
    callbacks.hear("payway", headers, raw, sender="103.108.218.2")


def count(kind, *where):
    return db.session.scalar(select(func.count(kind.id)).where(*where))


@pytest.fixture
def payment(shift):
    return charge(shift)


def ask_due():
    for payment_id in questions.due():
        questions.ask_if_due(payment_id)


def test_race_8_a_callback_and_the_poller_at_the_same_instant(app, payment, bank, clock):
    bank.pay(payment.qr_string)
    clock.advance(3)
    tran_id, payment_id = payment.tran_id, payment.id

    def told():
        hear(tran_id)
        ask_due()

    poll = partial(questions.ask, payment_id, who="worker")
    assert racing.errors(racing.race(app, told, poll, told, poll, callbacks.follow)) == []
    db.session.refresh(payment)
    assert payment.status is PAID
    assert count(PaymentEvent, PaymentEvent.new == PAID) == count(GatewayTransaction) == 1


def test_race_9_a_forged_one_or_one_sent_again_settles_nothing(app, payment, clock):
    tran_id = payment.tran_id
    for key in ("forged", "forged"):
        with pytest.raises(BadSignature):
            hear(tran_id, key)
    for _ in range(3):
        hear(tran_id, status="00")
        ask_due()
        clock.advance(20)
        callbacks.follow()
    db.session.refresh(payment)
    assert payment.status is PaymentStatus.AWAITING and count(GatewayTransaction) == 0
    verdicts = db.session.execute(select(GatewayCallback.verdict, GatewayCallback.copies)).all()
    told = sorted((str(verdict), copies) for verdict, copies in verdicts)
    assert told == [("contradicted", 3), ("refused", 1), ("refused", 1)]


def test_w02_fifty_times_in_parallel_have_one_effect(app, payment, bank, clock):
    bank.pay(payment.qr_string)
    clock.advance(1)
    deed = partial(hear, payment.tran_id)
    assert racing.errors(racing.race(app, *[deed] * 50)) == []
    assert count(GatewayCallback) == 1
    assert db.session.scalar(select(GatewayCallback.copies)) == 50
    ask_due()
    db.session.refresh(payment)
    assert payment.status is PAID and count(PaymentEvent, PaymentEvent.new == PAID) == 1


def test_where_the_first_name_is_not_ours_the_next_one_is_asked_about(payment, bank):
    bank.pay(payment.qr_string)
    hear("0123456789", return_params=payment.tran_id)
    ask_due()
    db.session.refresh(payment)
    assert payment.status is PAID
