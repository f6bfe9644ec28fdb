from datetime import timedelta

import pytest
from sqlalchemy import select

from pos import clock as pos_clock
from pos.errors import Refused
from pos.extensions import db
from pos.gateways.bakong.client import forget_hosts
from pos.models import ReconcileCheck, User
from pos.reports.office import attention as queue
from pos.services.reconciling import reconcile
from pos.services.selling import checkout
from pos.services.shop import lease
from pos.states import PaymentStatus, Remark, SaleStatus
from tests import factories, said
from tests.budgeting import checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture(autouse=True)
def fresh_start():
    forget_hosts()


@pytest.fixture
def bank_mode(request):
    return "SIT" if "lists_work" in request.node.name else "production"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def day():
    return pos_clock.business_date(pos_clock.now())


def run_by_hand(shop):
    return reconcile.by_hand(shop.store_id, day())


def findings(run):
    query = select(ReconcileCheck).where(ReconcileCheck.run_id == run.id)
    return [str(row.finding) for row in db.session.scalars(query.order_by(ReconcileCheck.id))]


def counted(run):
    return len(findings(run)), run.asked, run.left_unasked


def paid_for_real(shift, bank):
    payment = charge(shift)
    transfer = bank.pay(payment.qr_string)[0]
    said.tell(payment, said.paid(payment, reference=transfer["hash"]))
    return payment


def given_up(shift):
    payment = charge(shift)
    checkout.cancel(payment, who="cashier:dara")
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.CANCELLED
    return payment


def test_paid_sales_are_held_against_the_bank_in_one_question(shift, shop, bank):
    for _ in range(3):
        paid_for_real(shift, bank)
    run = run_by_hand(shop)
    assert findings(run) == ["agrees"] * 3
    assert (len(checks_of(bank)), run.asked, run.left_unasked) == (1, 1, 0)


def test_money_that_the_bank_does_not_confirm_calls_a_manager_and_stays_paid(shift, shop, bank):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    run = run_by_hand(shop)
    assert findings(run) == ["not_confirmed"]
    assert (payment.status, payment.remark) == (P.PAID, Remark.UNCONFIRMED)
    assert payment.sale.status is SaleStatus.PAID
    waiting = queue.queue(db.session.get_one(User, shop.manager.id)).items
    assert [(one.tran_id, one.remark) for one in waiting] == [(payment.tran_id, Remark.UNCONFIRMED)]


def test_money_that_went_back_calls_a_manager(shift, shop, bank):
    payment = paid_for_real(shift, bank)
    bank.misbehave(tracking_status="REFUNDED_BY_RECEIVER")
    assert findings(run_by_hand(shop)) == ["sent_back"]
    assert payment.remark is Remark.UNCONFIRMED


def test_other_money_under_the_same_reference_calls_a_manager(shift, shop, bank):
    payment = charge(shift)
    transfer = bank.pay(payment.qr_string, amount="9.00")[0]
    said.tell(payment, said.paid(payment, reference=transfer["hash"]))
    assert findings(run_by_hand(shop)) == ["other_facts"]
    assert payment.remark is Remark.UNCONFIRMED


def test_money_found_for_a_qr_goes_the_way_of_all_money(shift, shop, bank, clock):
    payment = given_up(shift)
    clock.advance(900)
    bank.pay(payment.qr_string)
    run = run_by_hand(shop)
    assert findings(run)[:1] == ["money_found"]
    assert (payment.status, payment.remark) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL)
    assert run.left_unasked == 0


def test_a_given_up_qr_without_money_agrees_and_costs_a_question(shift, shop, bank):
    given_up(shift)
    assert counted(run_by_hand(shop)) == (1, 1, 0)
    assert [call["path"] for call in checks_of(bank)] == ["/v1/check_transaction_by_md5"]


def test_many_qrs_are_asked_about_together_where_lists_work(shift, shop, bank):
    for _ in range(4):
        given_up(shift)
    run = run_by_hand(shop)
    assert (counted(run), len(checks_of(bank))) == ((4, 1, 0), 1)


def test_a_qr_that_somebody_may_still_pay_is_left_alone(shift, shop, bank, clock):
    payment = charge(shift)
    assert counted(run_by_hand(shop)) == (0, 0, 0)
    clock.time = payment.expires_at + timedelta(seconds=10)
    assert counted(run_by_hand(shop)) == (1, 1, 0)
    assert payment.status is P.EXPIRED


def test_a_mark_that_the_bank_denies_is_listed(shift, shop, bank, clock):
    payment = charge(shift)
    said.tell(payment, said.unknown(said.Trouble.DOWN))
    factories.mark(payment.id, shop)
    clock.advance(400)
    assert findings(run_by_hand(shop)) == ["not_confirmed"]
    assert payment.remark is Remark.MARK_DENIED


def test_a_bank_that_is_down_ends_the_run_and_nothing_is_called_different(shift, shop, bank):
    for _ in range(3):
        given_up(shift)
    paid_for_real(shift, bank)
    bank.misbehave(status=503)
    run = run_by_hand(shop)
    assert (findings(run), run.left_unasked, run.trouble) == ([], 4, "down")
    assert (len(checks_of(bank)), run.ended_at) == (1, None)


def test_one_answer_that_makes_no_sense_holds_up_nothing_else(shift, shop, bank):
    for _ in range(3):
        given_up(shift)
    bank.misbehave(truncated=True, calls=2)
    run = run_by_hand(shop)
    assert (len(findings(run)), run.left_unasked) == (2, 1)


def test_a_run_that_was_not_finished_goes_on_and_a_finished_one_begins_anew(shift, shop, bank):
    for _ in range(3):
        given_up(shift)
    bank.misbehave(status=503)
    first = run_by_hand(shop)
    bank.behave()
    again = run_by_hand(shop)
    assert (again.id, again.left_unasked, len(findings(again))) == (first.id, 0, 3)
    assert again.ended_at is not None
    assert run_by_hand(shop).id != first.id


def test_two_cannot_reconcile_at_once(shift, shop, bank):
    given_up(shift)
    lease.hold("another process", reconcile.LEASE)
    with pytest.raises(Refused):
        run_by_hand(shop)
    assert checks_of(bank) == []


def test_a_second_run_does_not_call_for_the_manager_again(shift, shop, bank):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    run_by_hand(shop)
    changed = payment.changed_at
    assert findings(run_by_hand(shop)) == ["not_confirmed"]
    assert payment.changed_at == changed
