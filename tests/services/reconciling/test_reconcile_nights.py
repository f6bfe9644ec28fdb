from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from pos.errors import Refused
from pos.extensions import db
from pos.gateways.bakong.client import forget_hosts
from pos.models import GatewayAccount, GatewayTransaction, ReconcileCheck, ReconcileRun, ZReport
from pos.reports.closing import z_report
from pos.services.asking import budget, questions, quota
from pos.services.asking.quota import Purpose
from pos.services.bookkeeping import shifts
from pos.services.reconciling import reconcile
from pos.services.settling import attention
from pos.services.settling.attention import Decision
from pos.states import PaymentStatus, Remark, ResolutionKind
from tests import said
from tests.budgeting import allow, asked, checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
NIGHT = EVENING + timedelta(minutes=15)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_start():
    forget_hosts()


@pytest.fixture
def expired(context, shop, clock):
    """Six QRs of the morning that nobody paid."""
    shift = open_shift(shop)
    rows = []
    for _ in range(6):
        rows.append(charge(shift))
        clock.advance(310)
        said.tell(rows[-1], said.NOT_FOUND)
    shifts.close_shift(shift.id, shop.cashier.id)
    return rows


def runs():
    db.session.expire_all()
    return db.session.scalars(select(ReconcileRun).order_by(ReconcileRun.id)).all()


def told():
    return [(str(run.on), run.left_unasked) for run in runs()]


def test_before_a_quarter_to_midnight_a_limited_account_is_left_alone(shop, bank, clock, expired):
    allow(shop, 100)
    clock.time = NIGHT - timedelta(seconds=1)
    reconcile.nightly()
    assert (runs(), checks_of(bank)) == ([], [])
    clock.time = NIGHT
    reconcile.nightly()
    assert told() == [("2026-11-22", 0)]


def test_it_leaves_the_reserve_and_says_how_many_are_left(shop, bank, clock, expired):
    allow(shop, 10)
    account = db.session.get_one(GatewayAccount, shop.account_id)
    clock.time = NIGHT
    budget.spend(account, 5, Purpose.PERSON)
    reconcile.nightly()
    assert told() == [("2026-11-22", 2)]
    assert (runs()[0].trouble, asked(shop)) == ("quota", [9])


def test_the_next_night_goes_on_where_the_budget_ended(shop, bank, clock, expired):
    allow(shop, 10)
    clock.time = NIGHT
    budget.spend(db.session.get_one(GatewayAccount, shop.account_id), 5, Purpose.PERSON)
    reconcile.nightly()
    clock.time = NIGHT + DAY
    reconcile.nightly()
    assert told() == [("2026-11-22", 0)]
    assert db.session.scalar(select(func.count(ReconcileCheck.id))) == 6
    assert asked(shop) == [9, 3]


def test_the_evening_look_counts_as_this_question(shop, bank, clock, expired):
    allow(shop, 100)
    clock.time = EVENING + timedelta(seconds=1)
    for payment in expired:
        questions.ask(payment.id, who="worker")
    before = asked(shop)
    clock.time = NIGHT
    reconcile.nightly()
    assert (told(), asked(shop)) == ([("2026-11-22", 0)], before)


def test_it_comes_after_the_evening_looks(shop):
    ranks = [Purpose.LAST_LOOK, Purpose.EVENING, Purpose.RECONCILE]
    reaches = [quota.reach(one, 100, 10) for one in ranks]
    assert reaches == [100, 95, 90]


def test_an_account_without_a_limit_is_caught_up_on_by_day_once(shop, bank, clock, expired):
    clock.advance(days=1)
    bank.misbehave(truncated=True)
    reconcile.nightly()
    calls = len(checks_of(bank))
    reconcile.nightly()
    assert (told(), calls, len(checks_of(bank))) == ([("2026-11-22", 6)], calls, calls)
    bank.behave()
    clock.time = NIGHT + DAY
    reconcile.nightly()
    assert told() == [("2026-11-22", 0)]


def test_what_was_charged_after_the_night_s_run_is_taken_up_the_next(shop, bank, clock, expired):
    clock.time = NIGHT
    reconcile.nightly()
    payment = charge(open_shift(shop))
    clock.advance(310)
    said.tell(payment, said.NOT_FOUND)
    clock.time = NIGHT + DAY
    reconcile.nightly()
    query = select(ReconcileCheck.run_id).where(ReconcileCheck.payment_id == payment.id)
    assert db.session.scalars(query).one() == runs()[0].id


def test_after_a_week_a_day_is_left_as_it_is(shop, bank, clock, expired):
    clock.time = NIGHT + 8 * DAY
    reconcile.nightly()
    assert runs() == []


@pytest.fixture
def unconfirmed(bank, context, shop, clock):
    shift = open_shift(shop)
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    shifts.close_shift(shift.id, shop.cashier.id)
    clock.time = NIGHT
    reconcile.nightly()
    assert payment.remark is Remark.UNCONFIRMED
    return payment


def decide(payment, shop, kind, reason):
    decision = Decision(
        kind=ResolutionKind(kind),
        reason=reason,
        note="",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    money_id = db.session.scalars(select(GatewayTransaction.id)).one()
    return attention.resolve(payment.id, money_id, decision, who="cashier:dara")


@pytest.mark.parametrize(
    ("kind", "reason"), [("accepted", "statement_seen"), ("written_off", "loss")]
)
def test_a_manager_decides_once_and_the_payment_stays_paid(unconfirmed, shop, kind, reason):
    decide(unconfirmed, shop, kind, reason)
    assert (unconfirmed.status, unconfirmed.sale.status) == ("paid", "paid")
    with pytest.raises(Refused):
        decide(unconfirmed, shop, kind, reason)


def test_what_is_not_there_cannot_be_sent_back(unconfirmed, shop):
    with pytest.raises(Refused):
        decide(unconfirmed, shop, "refund_requested", "no_goods")


def test_the_next_report_tells_of_it_once_and_no_total_changes(unconfirmed, shop):
    bodies = []
    for _ in range(2):
        report = shifts.close_shift(open_shift(shop).id, shop.cashier.id)
        bodies.append(z_report.from_json(db.session.get_one(ZReport, report.id).body))
    assert [[one.tran_id for one in body.exceptions] for body in bodies] == [
        [unconfirmed.tran_id],
        [],
    ]
    assert not any(body.totals for body in bodies)
