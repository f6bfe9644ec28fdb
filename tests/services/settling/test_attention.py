from functools import partial

import pytest
from sqlalchemy import func, select

from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Resolution, User
from pos.reports.closing import exceptions, z_report
from pos.reports.office import attention as queue
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import attention
from pos.states import PaymentStatus, Remark, ResolutionKind, SaleStatus
from tests import racing, said
from tests.factories import charge, open_shift, usd
from tests.slowly import dawdle

pytestmark = pytest.mark.usefixtures("context")

P, S, K = PaymentStatus, SaleStatus, ResolutionKind
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift, usd("3.50"))


@pytest.fixture
def wrong(payment):
    """A payment of too little."""
    said.tell(payment, said.paid(payment, amount=usd("3.00")))
    return payment


@pytest.fixture
def double(payment):
    """The second paid QR of a sale that another had settled."""
    fresh = checkout.new_qr(payment, who=WHO)
    for one in (fresh, payment):
        said.tell(one, said.paid(one))
    return payment


def money_of(payment):
    query = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == payment.id)
    return db.session.scalars(query.order_by(GatewayTransaction.id.desc())).first()


def decide(payment, kind, shop, reason="other", note="as we agreed", money=None):
    decision = attention.Decision(
        kind=kind,
        reason=reason,
        note=note,
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    return attention.resolve(payment.id, money or money_of(payment), decision, who=WHO)


def waiting(payment):
    tills = select(Payment.till_id).where(Payment.id == payment.id)
    return [item.remark for item in exceptions.open_items(tills)]


def close(shift, shop):
    return z_report.from_json(shifts.close_shift(shift.id, shop.cashier.id).body)


def events(payment):
    query = select(PaymentEvent.name).where(PaymentEvent.payment_id == payment.id)
    return [str(name) for name in db.session.scalars(query.order_by(PaymentEvent.id))]


def test_accepted_money_settles_the_sale_that_waited_for_it(wrong, shift, shop):
    decide(wrong, K.ACCEPTED, shop, "rest_in_cash")
    assert (wrong.status, wrong.remark, wrong.sale.status) == (P.PAID, Remark.ACCEPTED, S.PAID)
    assert (waiting(wrong), events(wrong)[-1]) == ([], "accepted")
    z = close(shift, shop)
    assert [(total.count, total.amount) for total in z.totals] == [(1, usd("3.00"))]
    assert [item.resolution_text for item in z.exceptions] == ["Accepted, Maly"]


def test_accepted_late_money_counts_in_the_shift_that_is_open_then(payment, shift, shop, clock):
    clock.advance(minutes=10)
    said.tell(payment, said.paid(payment))
    first = close(shift, shop)
    clock.advance(60)
    following = open_shift(shop)
    decide(payment, K.ACCEPTED, shop, "goods_given")
    second = close(following, shop)
    assert (first.totals, [total.amount for total in second.totals]) == ((), [usd("3.50")])
    assert first.exceptions[0].resolution_text == ""
    assert second.exceptions[0].resolution_text == "Accepted, Maly"


def test_accepted_money_of_a_paid_sale_is_kept_and_settles_nothing(double, shift, shop):
    decide(double, K.ACCEPTED, shop, "goes_to_next")
    assert (double.remark, waiting(double), events(double)[-1]) == (
        *(Remark.DUPLICATE, []),
        "resolved",
    )
    assert [total.amount for total in close(shift, shop).totals] == [usd("3.50")]


def test_accepted_money_does_not_revive_a_sale_that_was_given_up(payment, shop):
    checkout.cancel(payment, who=WHO)
    said.tell(payment, said.NOT_FOUND)
    said.tell(payment, said.paid(payment))
    decide(payment, K.ACCEPTED, shop, "goes_to_next")
    assert (payment.status, payment.sale.status) == (P.CANCELLED, S.VOIDED)
    assert waiting(payment) == []


def test_a_refund_is_asked_for_and_then_done_with_its_reference(double, shop, clock):
    decide(double, K.REFUND_REQUESTED, shop, "wants_it_back", "")
    assert waiting(double) == [Remark.DUPLICATE]
    with pytest.raises(BadInput):
        decide(double, K.REFUNDED, shop, "sent_back", " ")
    decide(double, K.REFUNDED, shop, "sent_back", "FT123")
    assert waiting(double) == []
    with pytest.raises(Refused):
        decide(double, K.REFUNDED, shop, "sent_back", "FT124")


@pytest.mark.parametrize("kind", [K.ACCEPTED, K.REFUND_REQUESTED, K.REFUNDED])
def test_money_on_anothers_account_can_only_be_written_off(payment, shop, kind):
    said.tell(payment, said.paid(payment, receiver="somebody@else"))
    with pytest.raises(Refused):
        decide(payment, kind, shop)
    decide(payment, K.WRITTEN_OFF, shop, "not_ours")
    assert (payment.status, payment.sale.status, waiting(payment)) == (P.MISMATCH, S.OPEN, [])


def test_a_decision_needs_a_reason_that_goes_with_it(wrong, shop):
    for reason, note in [("", "x"), ("loss", "x"), ("other", "  "), ("other", "x" * 501)]:
        with pytest.raises(BadInput):
            decide(wrong, K.ACCEPTED, shop, reason, note)
    assert waiting(wrong) == [Remark.UNDERPAID]


def test_money_that_settled_its_sale_is_nobodys_to_decide_about(payment, shop):
    said.tell(payment, said.paid(payment))
    with pytest.raises(AlreadyDecided):
        decide(payment, K.REFUND_REQUESTED, shop)


def test_of_two_transfers_each_is_decided_for_itself(wrong, shop):
    first = money_of(wrong)
    said.tell(wrong, said.paid(wrong, reference="another", amount=usd("0.50")))
    assert waiting(wrong) == [Remark.UNDERPAID] * 2
    decide(wrong, K.ACCEPTED, shop, money=first)
    assert (wrong.sale.status, waiting(wrong)) == (S.PAID, [Remark.DUPLICATE])
    decide(wrong, K.REFUND_REQUESTED, shop)
    assert [row.transaction_id for row in db.session.scalars(select(Resolution))] == [1, 2]


def test_right_money_after_wrong_money_is_accepted_and_the_wrong_sent_back(wrong, shop):
    first = money_of(wrong)
    said.tell(wrong, said.paid(wrong, reference="another"))
    assert (wrong.status, waiting(wrong)) == (P.MISMATCH, [Remark.DUPLICATE] * 2)
    decide(wrong, K.ACCEPTED, shop, "goods_given")
    assert (wrong.status, wrong.sale.status, waiting(wrong)) == (P.PAID, S.PAID, [Remark.DUPLICATE])
    decide(wrong, K.REFUND_REQUESTED, shop, "wants_it_back", money=first)


def test_money_that_settles_late_does_not_hide_money_that_waits(payment, shop, clock):
    clock.advance(minutes=10)
    said.tell(payment, said.paid(payment, reference="too-late"))
    said.tell(payment, said.paid(payment, reference="in-time", paid_at=payment.expires_at))
    assert (payment.status, payment.sale.status) == (P.PAID, S.PAID)
    assert waiting(payment) == [Remark.DUPLICATE]


def test_a_cashier_sees_the_till_at_work_and_a_manager_the_store(wrong, shift, shop):
    people = [db.session.get_one(User, one.id) for one in (shop.cashier, shop.manager)]
    assert [len(queue.queue(person).items) for person in people] == [1, 1]
    close(shift, shop)
    assert [len(queue.queue(person).items) for person in people] == [0, 1]


def refund_at_once(app, payment, shop, count=8):
    """Let so many managers ask for a refund of the same money; return how many did."""
    deed = partial(decide, payment, K.REFUND_REQUESTED, shop, money=money_of(payment))
    results = racing.race(app, *[deed] * count)
    return count - len(racing.errors(results))


@pytest.mark.scratch
def test_eight_decisions_about_one_piece_of_money_are_one(app, double, shop):
    dawdle(db.engine, "BEFORE INSERT", "resolution")
    assert refund_at_once(app, double, shop) == 1
    assert db.session.scalar(select(func.count(Resolution.id))) == 1


@pytest.mark.scratch
def test_the_key_alone_refuses_a_second_decision_of_one_step(double, shop):
    row = decide(double, K.REFUND_REQUESTED, shop)
    again = (
        "INSERT INTO resolution SELECT {id} + 1, payment_id, transaction_id, step, kind, remark,"
    )
    again += " reason, note, asked_by_id, approved_by_id, at FROM resolution"
    statement = again.format(id=row.id)
    with pytest.raises(Exception, match=r"(?i)unique"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_resolution_money")
        connection.exec_driver_sql(statement)
    assert db.session.scalar(select(func.count(Resolution.id))) == 2
