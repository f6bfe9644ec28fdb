"""Each race of a payment between customer, cashier, clock and bank, told whole by the bank itself.

The server that is killed between PAID and commit has its test in `tests/crash`. A callback that
comes with a poll, and one that is forged, need a gateway that calls back.
"""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from pos.errors import QrWaiting, SaleAlreadyPaid
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Sale, ZReport
from pos.reports.closing import z_report
from pos.services.asking import questions
from pos.services.bookkeeping import auto_close, shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import EventName, PaymentStatus, Remark, SaleStatus
from tests import racing
from tests.factories import NO_FLOAT, charge, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop, bank):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift, usd("3.50"))


@pytest.fixture
def pay(bank):
    """Let a customer pay, so many seconds from the QR's end."""

    def pay(payment, seconds_from_end=-60.0, **wishes):
        at = payment.expires_at + timedelta(seconds=seconds_from_end)
        bank.pay(payment.qr_string, at=at.isoformat(), **wishes)

    return pay


def end(payment, clock, seconds_after=0):
    """Let the QR's time pass, and some seconds more."""
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(seconds_after)


def ask(payment):
    questions.ask(payment.id, who="worker")
    return payment.status, payment.remark, payment.sale.status


def count(kind, *where):
    return db.session.scalar(select(func.count(kind.id)).where(*where))


def report_of(shift, shop):
    return z_report.from_json(shifts.close_shift(shift.id, shop.manager.id).body)


LEARNED = [(6, None), (11, Remark.LEARNED_LATE)]


@pytest.mark.parametrize(("seconds", "remark"), LEARNED)
def test_race_customer_confirms_a_second_before_expiry_and_the_bank_reports_after_it(
    payment, pay, clock, seconds, remark
):
    end(payment, clock)
    assert ask(payment) == (P.EXPIRING, None, S.OPEN)
    pay(payment, -1)
    clock.advance(seconds)
    assert ask(payment) == (P.PAID, remark, S.PAID)


def test_race_customer_confirms_after_expiry(payment, shift, shop, pay, clock):
    end(payment, clock, 10)
    assert ask(payment) == (P.EXPIRED, None, S.OPEN)
    clock.advance(20)
    pay(payment, 20)
    assert ask(payment) == (P.EXPIRED, Remark.PAID_LATE, S.OPEN)
    (told,) = report_of(shift, shop).exceptions
    assert (told.tran_id, told.received) == (payment.tran_id, usd("3.50"))


def test_race_cancel_tapped_while_the_payment_is_in_flight(payment, pay):
    pay(payment)
    checkout.cancel(payment, who=WHO)
    assert ask(payment) == (P.PAID, None, S.PAID)
    with pytest.raises(SaleAlreadyPaid):
        checkout.cancel(payment, who=WHO)


def test_race_cancel_and_then_paid_with_the_old_screenshot(payment, pay):
    checkout.cancel(payment, who=WHO)
    assert ask(payment) == (P.CANCELLED, None, S.VOIDED)
    pay(payment)
    assert ask(payment) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL, S.VOIDED)


def test_race_new_qr_issued_and_both_paid(payment, pay):
    fresh = checkout.new_qr(payment, who=WHO)
    pay(payment)
    pay(fresh)
    assert ask(fresh) == (P.PAID, None, S.PAID)
    assert ask(payment) == (P.PAID, Remark.DUPLICATE, S.PAID)
    assert count(GatewayTransaction) == 2
    assert count(GatewayTransaction, GatewayTransaction.settles_sale_id.is_not(None)) == 1


def test_race_same_qr_paid_twice(payment, pay, shift, shop):
    pay(payment, times=2)
    for _ in range(2):
        assert ask(payment) == (P.PAID, None, S.PAID)
    assert count(GatewayTransaction) == 1
    assert [total.amount for total in report_of(shift, shop).totals] == [usd("3.50")]


def test_race_gateway_down_from_before_expiry_for_twenty_minutes(payment, pay, bank, clock):
    clock.advance(290)
    bank.misbehave(status=503)
    assert ask(payment) == (P.AWAITING, None, S.OPEN)
    pay(payment, -5)
    for minute in range(20):
        end(payment, clock, 60 * minute)
        assert ask(payment) == (P.EXPIRING, None, S.OPEN)
    bank.behave()
    clock.advance(60)
    assert questions.due() == [payment.id]
    assert ask(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)


def test_race_check_now_and_the_worker_at_the_same_instant(app, payment, pay):
    pay(payment)
    payment_id = payment.id

    def cashier():
        questions.check_now(db.session.get_one(Payment, payment_id), who=WHO)

    worker = partial(questions.ask, payment_id, who="worker")
    assert racing.errors(racing.race(app, cashier, worker, worker)) == []
    assert payment.sale.status is S.PAID
    assert count(PaymentEvent, PaymentEvent.new == P.PAID) == count(GatewayTransaction) == 1


WRONG = [
    ({"amount": "3.49"}, Remark.UNDERPAID),
    ({"amount": "3.51"}, Remark.OVERPAID),
    ({"currency": "KHR"}, Remark.WRONG_CURRENCY),
    ({"to_account": "somebody_else@prac"}, Remark.WRONG_RECEIVER),
]


@pytest.mark.parametrize(("wishes", "remark"), WRONG)
def test_race_wrong_amount_or_currency_or_another_receiver(payment, pay, wishes, remark):
    pay(payment, **wishes)
    assert ask(payment) == (P.MISMATCH, remark, S.OPEN)
    assert count(GatewayTransaction, GatewayTransaction.settles_sale_id.is_not(None)) == 0


def test_race_double_tap_on_charge_and_a_reload_and_two_tabs(app, shift):
    def tap(key):
        return partial(checkout.charge, shift.id, usd("3.50"), key, who=WHO)

    taps = [tap("the-form-of-one-tab")] * 4 + [tap("the-form-of-another-tab")] * 4
    lost = racing.errors(racing.race(app, *taps))
    assert [type(one) for one in lost] == [QrWaiting] * 4
    assert count(Sale) == count(Payment) == 1
    won = db.session.scalars(select(Sale.key)).one()
    assert charge(shift, key=won).sale_id == db.session.scalars(select(Sale.id)).one()


def test_race_two_tills_same_amount_same_second(payment, pay, shop):
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT), usd("3.50"))
    assert other.made_at == payment.made_at
    pay(other)
    assert ask(payment) == (P.AWAITING, None, S.OPEN)
    assert ask(other) == (P.PAID, None, S.PAID)
    pay(payment)
    assert ask(payment) == (P.PAID, None, S.PAID)
    assert count(GatewayTransaction) == 2


def test_race_shift_closed_while_a_qr_waits(payment, pay, shift, shop, clock):
    with pytest.raises(QrWaiting):
        shifts.close_shift(shift.id, shop.manager.id)
    end(payment, clock)
    first = report_of(shift, shop)
    assert ([item.amount for item in first.unverified], first.totals) == ([usd("3.50")], ())
    pay(payment, -1)
    assert ask(payment) == (P.PAID, None, S.PAID)
    second = report_of(open_shift(shop), shop)
    assert [line.tran_id for line in second.payments] == [payment.tran_id]
    assert z_report.from_json(db.session.get_one(ZReport, 1).body) == first


def test_race_scheduler_runs_twice(app, payment, clock, shop):
    clock.advance(hours=17)
    assert racing.errors(racing.race(app, *[answers.expire_due] * 4)) == []
    assert count(PaymentEvent, PaymentEvent.name == EventName.TIME_UP) == 1
    assert racing.errors(racing.race(app, *[questions.ask_open_again] * 4)) == []
    due = partial(questions.ask_if_due, payment.id)
    assert sorted(racing.race(app, *[due] * 4)) == [False, False, False, True]
    assert count(PaymentEvent, PaymentEvent.name == EventName.EXPIRED) == 1
    assert racing.errors(racing.race(app, *[auto_close.close_forgotten] * 4)) == []
    assert list(db.session.scalars(select(ZReport.number))) == [1]


def test_race_token_expired(payment, pay, bank, clock):
    bank.misbehave(token_expired=True)
    pay(payment, -1)
    end(payment, clock, 10)
    for _ in range(3):
        assert ask(payment) == (P.EXPIRING, None, S.OPEN)
        assert payment.trouble == "unauthorised"
        clock.advance(60)
    bank.behave()
    assert ask(payment) == (P.PAID, Remark.LEARNED_LATE, S.PAID)
    assert payment.trouble == ""
