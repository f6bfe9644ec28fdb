import pytest

from pos.errors import BadInput, TooSoon
from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.asking import budget, questions
from pos.services.asking.quota import Purpose
from pos.services.banking import accounts
from pos.services.selling import checkout
from pos.services.settling import answers
from tests.budgeting import allow, asked, checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context", "bank")

WHO = "cashier:dara"


@pytest.fixture
def payment(bank, context, shop):
    allow(shop, 100)
    return charge(open_shift(shop))


def press_for(payment, clock, seconds):
    """Press Check now twice a second; return how often the bank was asked."""
    count = 0
    for _ in range(seconds * 2):
        try:
            questions.check_now(payment, who=WHO)
            count += 1
        except TooSoon:
            pass
        clock.advance(0.5)
    return count


def test_a_minute_of_pressing_costs_a_limited_account_few_questions(payment, shop, clock):
    assert press_for(payment, clock, 60) == 5
    assert asked(shop) == [5]


def test_without_a_limit_only_two_seconds_lie_between_presses(payment, shop, clock):
    allow(shop, 0)
    assert press_for(payment, clock, 60) == 30


def test_the_screen_says_how_often_it_was_asked_and_how_long_to_wait(payment, clock):
    for _ in range(3):
        questions.check_now(payment, who=WHO)
        clock.advance(10)
    questions.check_now(payment, who=WHO)
    clock.advance(2.5)
    with pytest.raises(TooSoon) as refused:
        questions.check_now(payment, who=WHO)
    assert "4 times" in refused.value.text and "Wait 18 seconds." in refused.value.text


def test_another_payment_is_asked_about_at_once(payment, clock):
    press_for(payment, clock, 30)
    checkout.cancel(payment, who=WHO)
    assert press_for(charge(payment.sale.shift), clock, 1) == 1


def test_the_worker_s_questions_do_not_lengthen_the_pause(payment, clock):
    for _ in range(6):
        questions.ask(payment.id, who="worker")
    assert press_for(payment, clock, 1) == 1


def test_whoever_marks_by_hand_may_insist(payment, clock):
    press_for(payment, clock, 30)
    assert questions.check_now(payment, who=WHO, insists=True) is not None


def test_more_questions_a_day_wake_what_waited_for_them(payment, shop, bank, clock):
    allow(shop, 10)
    budget.spend(db.session.get_one(GatewayAccount, shop.account_id), 10, Purpose.PERSON)
    clock.advance(400)
    answers.expire_due()
    questions.ask(payment.id, who="worker")
    assert (payment.trouble, questions.due(), checks_of(bank)) == ("quota", [], [])
    accounts.set_quota(shop.account_id, 50)
    assert questions.due() == [payment.id]
    assert questions.ask_if_due(payment.id)
    assert payment.trouble == ""


def test_less_than_no_question_is_refused(shop):
    with pytest.raises(BadInput):
        accounts.set_quota(shop.account_id, -1)
