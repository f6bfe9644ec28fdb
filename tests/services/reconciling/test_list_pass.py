"""PayWay's list of a day held against the books, in both directions, by a run of reconciling."""

import pytest
from sqlalchemy import delete, select, update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, ReconcileList, ReconcileListed
from pos.reports.office import reconcile as report
from pos.services.reconciling import reconcile
from pos.states import PaymentStatus, RefundStatus
from tests.factories import charge, usd
from tests.payway import asked, shift
from tests.refunding import all_refunds, at_bank, give_back, paid, payway_shop, shop

__all__ = ["paid", "payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")


def run(shop, clock, day=None):
    clock.advance(minutes=10)
    return reconcile.by_hand(shop.store_id, day or pos_clock.business_date(pos_clock.now()))


def listed(run):
    query = select(ReconcileListed).where(ReconcileListed.run_id == run.id)
    rows = db.session.scalars(query.order_by(ReconcileListed.id))
    return [(str(row.finding), row.ours, row.theirs) for row in rows]


def lists_read(run):
    query = select(ReconcileList.account_id).where(ReconcileList.run_id == run.id)
    return sorted(db.session.scalars(query))


def test_a_day_that_agrees_is_listed_and_done(paid, shop, bank, clock):
    give_back(paid.id, shop, "3")
    done = run(shop, clock)
    assert (listed(done), done.left_unasked, done.trouble) == ([], 0, "")
    assert lists_read(done) == [shop.account_id] and asked(bank).count("transaction-list-2") == 1


def test_money_that_the_bank_does_not_list_is_told(paid, shop, clock):
    with writing(db.session):
        db.session.execute(update(GatewayTransaction).values(reference="of-nobody"))
    assert ("ours_only", "$10.00", "") in listed(run(shop, clock))
    assert paid.payment.status is PaymentStatus.PAID


def test_a_bill_of_somebody_else_on_our_profile_is_told(paid, shop, shift, bank, clock):
    with writing(db.session):
        db.session.execute(delete(GatewayTransaction))
        db.session.execute(update(Payment).values(tran_id="ours-no-more"))
    done = run(shop, clock)
    assert listed(done) == [("theirs_only", "", "$10.00")]
    assert report.of_run(shop.store_id, done.id).listed[0].tran_id == ""


def test_another_amount_is_told_and_changes_nothing(paid, shop, clock):
    with writing(db.session):
        db.session.execute(update(GatewayTransaction).values(amount_minor=900))
    assert ("amount_differs", "$9.00", "$10.00") in listed(run(shop, clock))
    db.session.refresh(paid)
    assert paid.amount == usd("9")


def test_what_went_back_at_the_bank_is_told_and_calls_a_manager(paid, shop, bank, clock):
    at_bank(bank, paid, "4")
    done = run(shop, clock)
    assert listed(done) == [("returned", "$0.00", "$4.00")]
    assert [(one.status, one.amount) for one in all_refunds()] == [(RefundStatus.FOUND, usd("4"))]
    assert listed(run(shop, clock)) == []


@pytest.mark.parametrize("days", [1, 2, 3, 29])
def test_what_goes_back_weeks_later_is_found(paid, shop, shift, bank, clock, days):
    clock.advance(days=days)
    at_bank(bank, paid, "4")
    charge(shift)
    assert listed(run(shop, clock)) == [("returned", "$0.00", "$4.00")]
    assert [one.amount for one in all_refunds()] == [usd("4")]


def test_a_bank_that_gives_no_list_leaves_it_for_another_time(paid, shop, bank, clock):
    bank.misbehave(status=503, path="/api/payment-gateway/v1/payments/transaction-list-2")
    first = run(shop, clock)
    assert (listed(first), lists_read(first), first.left_unasked) == ([], [], 1)
    assert first.trouble
    bank.behave()
    again = run(shop, clock)
    assert (again.id, again.left_unasked, again.trouble) == (first.id, 0, "")


def test_the_terminal_and_the_page_tell_of_it(paid, shop, bank, clock):
    at_bank(bank, paid, "4")
    told = report.of_run(shop.store_id, run(shop, clock).id)
    assert told.line.difference_count == 1
    assert "given back another sum" in report.in_lines(told)[-1]
