from datetime import timedelta

import pytest

from pos.extensions import db
from pos.gateways.base import Outcome
from pos.models import ZReport
from pos.reports.closing import exceptions, z_report
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus
from tests import said
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
HOUR = 3_600


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def set_clock(clock, seconds):
    """Set the shop's clock, and let the worker see it."""
    clock.advance(seconds)
    questions.ask_open_again()


def is_asked_within_a_minute(payment, clock):
    """Let a minute pass in which the worker finds nobody; return whether it asked again."""
    assert questions.due() == [payment.id]
    said.tell(payment, said.NOT_FOUND)
    return payment.next_check_at - clock.time <= timedelta(seconds=60)


def test_a_waiting_qr_is_asked_about_when_the_clock_was_set_back(payment, clock):
    set_clock(clock, -HOUR)
    assert is_asked_within_a_minute(payment, clock)
    assert payment.status is P.AWAITING


def test_a_qr_in_its_last_check_is_asked_about_when_the_clock_was_set_back(payment, clock):
    clock.advance(301)
    answers.expire_due()
    set_clock(clock, -HOUR)
    assert is_asked_within_a_minute(payment, clock)
    assert payment.status is P.EXPIRING


def test_a_cancelled_qr_is_asked_about_when_the_clock_was_set_back(payment, clock):
    checkout.cancel(payment, who="cashier:dara")
    set_clock(clock, -HOUR)
    assert is_asked_within_a_minute(payment, clock)
    assert payment.status is P.CANCEL_REQUESTED


def test_a_watched_qr_is_looked_at_again_when_the_clock_was_set_back(payment, clock):
    checkout.cancel(payment, who="cashier:dara")
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.CANCELLED
    set_clock(clock, -HOUR)
    assert questions.due() == [payment.id]


def test_a_clock_set_forward_ends_no_qr_unasked(payment, clock):
    set_clock(clock, HOUR)
    answers.expire_due()
    assert payment.status is P.EXPIRING
    assert questions.due() == [payment.id]
    said.tell(payment, said.paid(payment, paid_at=clock.time - timedelta(hours=1)))
    assert payment.status is P.PAID


def test_late_money_is_told_of_though_the_clock_was_set_back_since_the_last_report(
    payment, shop, clock
):
    checkout.cancel(payment, who="cashier:dara")
    said.tell(payment, said.NOT_FOUND)
    clock.advance(HOUR)
    shifts.close_shift(payment.sale.shift_id, shop.cashier.id)
    clock.advance(-HOUR + 60)
    said.tell(payment, said.paid(payment))
    shift = open_shift(shop)
    listed = exceptions.of_shift(shift)
    assert [one.tran_id for one in listed] == [payment.tran_id]
    last = shifts.close_shift(shift.id, shop.cashier.id)
    report = z_report.from_json(db.session.get_one(ZReport, last.id).body)
    assert [one.tran_id for one in report.exceptions] == [payment.tran_id]


def test_late_money_is_told_of_in_one_report_only(payment, shop):
    checkout.cancel(payment, who="cashier:dara")
    said.tell(payment, said.NOT_FOUND)
    said.tell(payment, said.paid(payment))
    shifts.close_shift(payment.sale.shift_id, shop.cashier.id)
    assert exceptions.of_shift(open_shift(shop)) == ()


def test_check_now_is_not_too_soon_for_an_hour_after_the_clock_was_set_back(payment, clock):
    questions.check_now(payment, who="cashier:dara")
    clock.advance(-HOUR)
    assert questions.check_now(payment, who="cashier:dara") is not None


def test_a_key_is_renewed_though_the_last_try_was_in_what_is_now_the_future(payment, bank, clock):
    bank.misbehave(token_expired=True)
    questions.ask(payment.id, who="worker")
    bank.behave()
    bank.http.delete("/sandbox/tokens")
    set_clock(clock, -HOUR)
    assert questions.ask(payment.id, who="worker").outcome is Outcome.NOT_FOUND
