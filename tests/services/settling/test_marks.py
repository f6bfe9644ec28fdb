import pytest
from sqlalchemy import func, select

from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayTransaction, Mark, PaymentEvent
from pos.reports.closing import z_report
from pos.services.asking import questions, quota
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers, attention
from pos.states import PaymentStatus, Remark, ResolutionKind, SaleStatus
from tests import budgeting, factories, said
from tests.factories import charge, mark, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"
DOWN = said.unknown(Trouble.DOWN)


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    """A payment that the bank cannot be asked about."""
    payment = charge(shift, usd("3.50"))
    said.tell(payment, DOWN)
    return payment


@pytest.fixture
def marked(payment, shop):
    mark(payment.id, shop)
    return payment


def state(payment):
    db.session.refresh(payment)
    return payment.status, payment.remark, payment.sale.status


def close(shift, shop):
    return z_report.from_json(shifts.close_shift(shift.id, shop.cashier.id).body)


def khqr(z):
    return [(total.count, total.amount) for total in z.totals]


def by_hand(z):
    return [(total.count, total.amount) for total in z.marked]


def last_event(payment):
    query = select(PaymentEvent.name).where(PaymentEvent.payment_id == payment.id)
    return db.session.scalars(query.order_by(PaymentEvent.id.desc())).first()


def test_a_mark_pays_the_sale_and_books_no_money(marked):
    assert state(marked) == (P.PAID, Remark.MARKED, S.PAID)
    assert db.session.scalar(select(func.count(GatewayTransaction.id))) == 0
    assert last_event(marked) == "marked"


def test_a_mark_stands_apart_on_the_report_and_in_no_total(marked, shift, shop):
    z = close(shift, shop)
    assert (khqr(z), by_hand(z), z.payments, z.exceptions) == ([], [(1, usd("3.50"))], (), ())
    (line,) = z.marks
    assert (line.approved_by, line.evidence) == ("Maly", "receipt 1a2b3c4d")
    assert (line.is_confirmed, line.status_text) == (False, "Not confirmed by the bank yet")


def test_while_the_bank_answers_only_the_bank_says_paid(shift, shop):
    payment = charge(shift)
    with pytest.raises(Refused):
        mark(payment.id, shop)
    said.tell(payment, DOWN)
    said.tell(payment, said.NOT_FOUND)
    with pytest.raises(Refused):
        mark(payment.id, shop)
    assert state(payment) == (P.AWAITING, None, S.OPEN)


def test_what_is_over_or_paid_cannot_be_marked(shift, shop, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    said.tell(payment, DOWN)
    with pytest.raises(Refused):
        mark(payment.id, shop)
    said.tell(payment, said.paid(payment, paid_at=payment.expires_at))
    with pytest.raises(AlreadyDecided):
        mark(payment.id, shop)


def test_a_sale_is_marked_once(marked, shop):
    with pytest.raises(AlreadyDecided):
        mark(marked.id, shop)
    assert db.session.scalar(select(func.count(Mark.id))) == 1


@pytest.mark.parametrize("evidence", ["", "   ", "abc", "x" * 501, "line\nbreak"])
def test_a_mark_without_evidence_is_refused(payment, shop, evidence):
    with pytest.raises(BadInput):
        mark(payment.id, shop, evidence)
    assert state(payment) == (P.AWAITING, None, S.OPEN)


def test_the_bank_is_asked_about_a_mark_until_it_answers(marked, clock):
    assert questions.due() == []
    clock.advance(15)
    assert questions.due() == [marked.id]
    clock.advance(days=3)
    said.tell(marked, DOWN)
    assert state(marked) == (P.PAID, Remark.MARKED, S.PAID)
    clock.advance(hours=1)
    assert questions.due() == [marked.id]


def test_a_mark_that_the_bank_confirms_counts_once_as_money(marked, shift, shop, bank, clock):
    bank.pay(marked.qr_string)
    clock.advance(15)
    questions.ask_if_due(marked.id)
    assert state(marked) == (P.PAID, None, S.PAID)
    assert (last_event(marked), marked.next_check_at) == ("mark_confirmed", None)
    z = close(shift, shop)
    assert (khqr(z), by_hand(z)) == ([(1, usd("3.50"))], [])
    assert z.marks[0].status_text.startswith("Confirmed by the bank at 09:00")


def test_a_mark_of_an_earlier_shift_counts_once_when_it_is_confirmed(marked, shift, shop, clock):
    first = close(shift, shop)
    clock.advance(hours=1)
    following = open_shift(shop)
    said.tell(marked, said.paid(marked, paid_at=marked.made_at))
    second = close(following, shop)
    assert (khqr(first), by_hand(first)) == ([], [(1, usd("3.50"))])
    assert (khqr(second), by_hand(second)) == ([(1, usd("3.50"))], [])
    assert "on an earlier report" in second.marks[0].status_text


def test_a_mark_that_the_bank_denies_late_enough_needs_a_person(marked, shop, clock):
    said.tell(marked, said.NOT_FOUND)
    clock.time = marked.expires_at
    clock.advance(9)
    said.tell(marked, said.NOT_FOUND)
    assert state(marked) == (P.PAID, Remark.MARKED, S.PAID)
    clock.advance(1)
    said.tell(marked, said.NOT_FOUND)
    assert state(marked) == (P.PAID, Remark.MARK_DENIED, S.PAID)
    assert last_event(marked) == "mark_denied"
    assert marked.next_check_at is not None


def decide(payment, kind, reason, shop, money=None):
    decision = attention.Decision(
        kind=kind,
        reason=reason,
        note="",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    return attention.resolve(payment.id, money, decision, who=WHO)


def test_a_denied_mark_is_decided_without_any_money(marked, shift, shop, clock):
    clock.advance(minutes=10)
    said.tell(marked, said.NOT_FOUND)
    with pytest.raises(Refused):
        decide(marked, ResolutionKind.REFUND_REQUESTED, "wants_it_back", shop)
    decide(marked, ResolutionKind.WRITTEN_OFF, "loss", shop)
    (item,) = close(shift, shop).exceptions
    assert (item.received, item.resolution_text) == (None, "Written off, Maly")


def test_money_may_still_come_for_a_mark_that_was_denied(marked, shift, shop, clock):
    clock.advance(minutes=10)
    said.tell(marked, said.NOT_FOUND)
    said.tell(marked, said.paid(marked, paid_at=marked.made_at))
    assert state(marked) == (P.PAID, None, S.PAID)
    assert khqr(close(shift, shop)) == [(1, usd("3.50"))]


def test_wrong_money_for_a_mark_needs_a_person_and_can_then_settle_it(marked, shift, shop):
    said.tell(marked, said.paid(marked, amount=usd("3.00")))
    assert state(marked) == (P.PAID, Remark.UNDERPAID, S.PAID)
    decide(marked, ResolutionKind.ACCEPTED, "rest_in_cash", shop, money=1)
    z = close(shift, shop)
    assert (khqr(z), by_hand(z)) == ([(1, usd("3.00"))], [])


def test_the_other_qr_of_a_marked_sale_is_withdrawn_and_its_money_told(payment, shop):
    fresh = checkout.new_qr(payment, who=WHO)
    mark(payment.id, shop)
    assert fresh.status is P.CANCEL_REQUESTED
    said.tell(fresh, said.paid(fresh))
    assert state(fresh) == (P.PAID, Remark.DUPLICATE, S.PAID)


def test_money_that_was_reported_already_is_decided_about_and_not_marked(shift, shop, clock):
    payment = charge(shift)
    said.tell(payment, said.FAILED)
    clock.advance(minutes=10)
    said.tell(payment, said.paid(payment))
    said.tell(payment, DOWN)
    assert payment.status is P.FAILED
    with pytest.raises(Refused, match="Attention"):
        factories.mark(payment.id, shop)


def test_a_mark_waits_for_the_evening_where_the_day_has_no_question_for_it(
    marked, shop, bank, clock
):
    budgeting.allow(shop, 4)
    clock.advance(hours=1)
    assert questions.ask(marked.id, who="worker").trouble is None
    clock.advance(hours=1)
    assert questions.ask(marked.id, who="worker").trouble is Trouble.QUOTA
    assert marked.next_check_at == quota.evening_of(clock.time)
    assert state(marked) == (P.PAID, Remark.MARK_DENIED, S.PAID)
    clock.time = marked.next_check_at
    assert questions.ask(marked.id, who="worker").trouble is None


def test_a_mark_made_on_a_day_that_is_used_up_is_asked_about_after_midnight(
    shift, shop, bank, clock
):
    payment = charge(shift)
    bank.misbehave(daily_limit=0)
    questions.ask(payment.id, who="worker")
    mark(payment.id, shop)
    bank.behave()
    clock.advance(15)
    assert questions.ask_if_due(payment.id)
    clock.time = quota.evening_of(clock.time)
    assert questions.ask_if_due(payment.id)
    assert payment.next_check_at == quota.next_day(clock.time)
    assert payment.remark is Remark.MARKED
    clock.time = payment.next_check_at
    assert questions.ask_if_due(payment.id)
    assert payment.remark is Remark.MARK_DENIED
