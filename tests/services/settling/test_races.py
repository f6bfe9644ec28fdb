import time
from functools import partial

import pytest
from sqlalchemy import func, select

from pos.errors import QrWaiting, Refused, SaleAlreadyPaid, ShiftClosed
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Sale, Shift, ZReport
from pos.reports.closing import z_report
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus, SaleStatus
from tests import racing, said
from tests.factories import NO_FLOAT, charge, open_shift, usd
from tests.slowly import dawdle

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift)


def recorder(payment, answer):
    """The same answer, told by somebody else."""
    told = {"asked_at": answer.facts.paid_at if answer.facts else payment.expires_at}
    return partial(answers.record, payment.id, answer, took_ms=1, who="worker", **told)


def later(deed):
    def wait_and_do(*read):
        time.sleep(0.1)
        return deed(*read)

    return wait_and_do


def on(row, deed):
    """The deed, done to the racer's own copy of a row."""
    kind, row_id = type(row), row.id
    return lambda: deed(db.session.get_one(kind, row_id))


def count(kind, *where):
    return db.session.scalar(select(func.count(kind.id)).where(*where))


def live():
    query = select(Payment).where(Payment.status.in_({P.CREATING, P.AWAITING}))
    return list(db.session.scalars(query))


def test_one_answer_told_by_eight_is_booked_and_settles_once(app, payment):
    results = racing.race(app, *[recorder(payment, said.paid(payment))] * 8)
    assert racing.errors(results) == []
    assert count(GatewayTransaction, GatewayTransaction.settles_sale_id == payment.sale_id) == 1
    assert count(GatewayTransaction) == 1
    assert count(PaymentEvent, PaymentEvent.new == P.PAID) == 1
    assert payment.sale.status is SaleStatus.PAID


def pay_twice_at_two_tills(app, shop):
    """Report the same money for two payments at once; return the errors and the bookings."""
    first = charge(open_shift(shop))
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    same = [said.paid(one, reference="same") for one in (first, charge(other))]
    told = [recorder(one, say) for one, say in zip(live(), same, strict=True)]
    return racing.errors(racing.race(app, *told)), count(GatewayTransaction)


@pytest.mark.scratch
def test_the_same_money_at_two_tills_at_once_is_booked_once(app, shop):
    dawdle(db.engine, "BEFORE INSERT", "gateway_transaction")
    assert pay_twice_at_two_tills(app, shop) == ([], 1)
    assert sorted(one.trouble for one in db.session.scalars(select(Payment))) == ["", "garbled"]


@pytest.mark.scratch
@pytest.mark.postgres
def test_without_its_unique_index_that_check_sees_the_double(app, shop):
    dawdle(db.engine, "BEFORE INSERT", "gateway_transaction")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_transaction_reference")
    assert pay_twice_at_two_tills(app, shop) == ([], 2)


@pytest.mark.scratch
def test_money_that_comes_while_the_cashier_cancels_is_kept_and_told(app, payment):
    dawdle(db.engine, "BEFORE INSERT", "gateway_question")
    cancel = partial(checkout.cancel, who="cashier:dara")
    results = racing.race(app, recorder(payment, said.paid(payment)), later(on(payment, cancel)))
    assert [type(one) for one in results if one] == [SaleAlreadyPaid]
    assert (payment.status, payment.sale.status) == (P.PAID, SaleStatus.PAID)
    assert payment.sale.void_asked_at is None


@pytest.mark.scratch
def test_money_that_comes_while_a_new_qr_is_made_is_kept(app, payment):
    dawdle(db.engine, "BEFORE INSERT", "gateway_question")
    new_qr = partial(checkout.new_qr, who="cashier:dara")
    results = racing.race(app, recorder(payment, said.paid(payment)), later(on(payment, new_qr)))
    assert [type(one) for one in results if one] == [SaleAlreadyPaid]
    assert payment.status is P.PAID
    assert live() == []


@pytest.mark.scratch
def test_money_that_comes_while_the_shift_closes_is_in_one_report(app, shop, shift, payment):
    checkout.cancel(payment, who="cashier:dara")
    dawdle(db.engine, "BEFORE UPDATE OF status", "payment")
    close = partial(shifts.close_shift, shift.id, shop.cashier.id)
    results = racing.race(app, recorder(payment, said.paid(payment)), later(close))
    assert racing.errors(results) == []
    shifts.close_shift(open_shift(shop).id, shop.cashier.id)
    reports = [z_report.from_json(row.body) for row in db.session.scalars(select(ZReport))]
    assert [line.amount for z in reports for line in z.payments] == [usd("3.50")]


def test_eight_taps_with_one_key_are_one_sale(app, shift):
    tap = partial(charge, key="the-key-of-one-form", amount=usd("3.50"))
    results = racing.race(app, *[on(shift, tap)] * 8)
    assert racing.errors(results) == []
    assert count(Sale) == count(Payment) == 1
    assert count(PaymentEvent, PaymentEvent.new == P.AWAITING) == 1


def test_eight_sales_at_one_till_at_once_are_one_and_seven_refusals(app, shift):
    results = racing.race(app, *[on(shift, charge)] * 8)
    assert [type(one) for one in racing.errors(results)] == [QrWaiting] * 7
    assert count(Sale) == len(live()) == 1


def test_a_charge_and_the_close_of_its_shift_do_not_both_succeed(app, shop, shift):
    close = partial(shifts.close_shift, shift.id, shop.cashier.id)
    results = racing.race(app, on(shift, charge), close)
    (lost,) = racing.errors(results)
    assert isinstance(lost, ShiftClosed | QrWaiting)
    assert count(ZReport) + len(live()) == 1


@pytest.mark.scratch
def test_a_charge_and_a_new_qr_do_not_both_show_a_code(app, clock, shift, payment):
    clock.advance(300)
    answers.expire_due()
    dawdle(db.engine, "BEFORE INSERT", "payment")
    new_qr = partial(checkout.new_qr, who="cashier:dara")
    results = racing.race(app, on(shift, charge), later(on(payment, new_qr)))
    assert [type(one) for one in racing.errors(results)] == [QrWaiting]
    assert len(live()) == 1


def test_eight_taps_on_new_qr_make_one(app, payment):
    tap = partial(checkout.new_qr, who="cashier:dara")
    results = racing.race(app, *[on(payment, tap)] * 8)
    assert {type(one) for one in racing.errors(results)} <= {QrWaiting, Refused}
    assert len(live()) == 1
    assert count(Payment) == 2


def test_two_who_close_one_shift_write_one_report(app, shop, shift):
    close = partial(shifts.close_shift, shift.id)
    results = racing.race(app, partial(close, shop.cashier.id), partial(close, shop.manager.id))
    assert [type(one) for one in racing.errors(results)] == [ShiftClosed]
    assert count(ZReport) == 1


def test_eight_who_open_one_till_open_one_shift(app, shop):
    results = racing.race(app, *[partial(open_shift, shop)] * 8)
    assert [type(one) for one in racing.errors(results)] == [Refused] * 7
    assert count(Shift) == 1


def test_the_last_check_and_the_money_at_once_end_as_paid(app, clock, payment):
    clock.advance(311)
    answers.expire_due()
    right = said.paid(payment, paid_at=payment.expires_at)
    results = racing.race(app, *[recorder(payment, right), recorder(payment, said.NOT_FOUND)] * 3)
    assert racing.errors(results) == []
    assert payment.status is P.PAID
    assert payment.sale.status is SaleStatus.PAID


def test_an_expiry_and_the_money_at_once_end_as_paid(app, clock, payment):
    right = said.paid(payment)
    clock.advance(301)
    results = racing.race(app, answers.expire_due, recorder(payment, right), answers.expire_due)
    assert racing.errors(results) == []
    assert payment.status is P.PAID
