import pytest
from sqlalchemy import select, update

from pos.database import writing
from pos.errors import ConfigError
from pos.extensions import db
from pos.gateways.base import Outcome, Trouble
from pos.models import GatewayAccount, GatewayDay
from pos.services.asking import budget, planning, questions, quota
from pos.services.asking.ladder import PayTimes
from pos.services.asking.quota import Purpose
from pos.services.settling import answers
from pos.states import PaymentStatus
from tests import factories, racing, said
from tests.budgeting import allow, asked, checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture
def account(context, shop):
    return db.session.get_one(GatewayAccount, shop.account_id)


@pytest.fixture(autouse=True)
def ten_a_day(context, shop):
    allow(shop, 10)


def spender(shop, count=1, purpose=Purpose.PERSON):
    def spend():
        return budget.spend(db.session.get_one(GatewayAccount, shop.account_id), count, purpose)

    return spend


def test_thirty_askers_at_once_spend_what_there_is_and_no_more(app, shop):
    results = racing.race(app, *[spender(shop)] * 15)
    again = racing.race(app, *[spender(shop)] * 15)
    assert racing.errors(results + again) == []
    assert sum(one is None for one in results + again) == 10
    assert asked(shop) == [10]


def counted():
    return db.session.scalars(select(GatewayDay.asked)).one()


def careless(seen):
    """What a counter would do that reads, compares and then writes."""
    if seen < 10:
        with writing(db.session):
            db.session.execute(update(GatewayDay).values(asked=seen + 1))
    return seen < 10


def test_a_counter_that_reads_first_is_caught_by_the_race(app, shop, account):
    budget.spend(account, 1, Purpose.PERSON)
    results = racing.race(app, *[careless] * 12, read=counted)
    assert racing.errors(results) == []
    assert counted() < 1 + sum(results)


def test_the_ladder_leaves_the_reserve_to_people_and_last_looks(shop, account):
    spent = [budget.spend(account, 1, Purpose.LADDER) for _ in range(10)]
    assert [one is None for one in spent] == [True] * 9 + [False]
    assert spent[-1].trouble is Trouble.QUOTA
    assert budget.spend(account, 1, Purpose.LAST_LOOK) is None
    assert budget.spend(account, 1, Purpose.PERSON) is not None


def test_a_list_that_does_not_fit_takes_nothing(shop, account):
    assert budget.spend(account, 11, Purpose.PERSON) is not None
    assert budget.spend(account, 10, Purpose.PERSON) is None
    budget.give_back(account, 4)
    assert asked(shop) == [6]


def test_each_day_of_phnom_penh_has_a_budget_of_its_own(shop, account, clock):
    assert budget.spend(account, 10, Purpose.PERSON) is None
    clock.time = quota.next_day(clock.time)
    assert budget.spend(account, 3, Purpose.PERSON) is None
    assert asked(shop) == [10, 3]


def test_an_account_without_a_limit_is_not_counted(shop, account):
    allow(shop, 0)
    assert budget.spend(account, 1_000, Purpose.LADDER) is None
    assert asked(shop) == []


def test_a_used_up_day_leaves_the_payment_amber_until_after_midnight(shop, bank, clock, account):
    payment = charge(open_shift(shop))
    budget.spend(account, 10, Purpose.PERSON)
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble) == (P.EXPIRING, "quota")
    assert checks_of(bank) == [] and questions.due() == []
    clock.time = quota.next_day(clock.time)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble) == (P.EXPIRED, "")


def test_check_now_and_the_last_look_still_work_when_the_ladder_may_not(shop, bank, clock, account):
    payment = charge(open_shift(shop))
    budget.spend(account, 8, Purpose.LADDER)
    allow(shop, 8)
    clock.time = payment.next_check_at
    questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble, checks_of(bank)) == (P.AWAITING, "quota", [])
    allow(shop, 10)
    assert questions.check_now(payment, who="cashier:dara").outcome is Outcome.NOT_FOUND
    assert payment.trouble == ""


def test_the_plan_stretches_as_the_day_is_used_up(shop, account):
    allow(shop, 200)
    early = planning.plan(account).rungs
    assert planning.rungs_of(account) == early
    budget.spend(account, 120, Purpose.PERSON)
    late = planning.plan(account).rungs
    assert late[0] > early[0] and len(late) < len(early)


def test_a_day_without_a_plan_begins_with_the_prior_s_ladder(shop, account):
    allow(shop, 200)
    payment = charge(open_shift(shop))
    first = planning.first_ladder(200, planning.settings()).rungs[0]
    assert (payment.next_check_at - payment.shown_at).total_seconds() == first


def test_a_shop_s_own_past_says_how_soon_its_customers_pay(shop, clock):
    shift = open_shift(shop)
    for _ in range(40):
        payment = charge(shift)
        clock.advance(60)
        said.tell(payment, said.paid(payment))
    past = planning.read_past(shop.account_id)
    assert planning.outlook(past, clock.time).times == PayTimes()
    clock.advance(days=1)
    learnt = planning.outlook(past, clock.time).times
    assert (learnt.paid, learnt.unpaid, set(learnt.quantiles)) == (40, 0, {60.0})


def test_a_hundred_a_day_is_what_a_new_shop_is_given(bank, shop):
    other = factories.create_other_shop(bank.url, bank.token())
    assert db.session.get_one(GatewayAccount, other.account_id).daily_quota == 100


def test_a_token_that_cannot_be_opened_costs_no_question(shop):
    payment = charge(open_shift(shop), factories.usd("3.50"))
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(token_sealed="broken"))
    with pytest.raises(ConfigError):
        questions.ask(payment.id, who="worker")
    assert asked(shop) == [0]
