import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.gateways.bakong.client import forget_hosts
from pos.models import GatewayAccount, GatewayQuestion
from pos.services.asking import budget, questions
from pos.services.asking.quota import Purpose
from pos.services.selling import checkout
from pos.states import PaymentStatus
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


@pytest.fixture(autouse=True)
def fresh_start():
    forget_hosts()


@pytest.fixture
def bank_mode(request):
    return "SIT" if "lists_work" in request.node.name else "production"


def two_due(shop):
    shift = open_shift(shop)
    first = charge(shift)
    checkout.cancel(first, who="cashier:dara")
    second = charge(shift)
    checkout.cancel(second, who="cashier:dara")
    return first, second


def test_several_payments_are_asked_in_one_question_where_lists_work(shop, bank):
    first, second = two_due(shop)
    assert questions.due_together() == [[first.id, second.id]]
    questions.ask_together([first.id, second.id])
    assert [first.status, second.status] == [P.CANCELLED, P.CANCELLED]
    assert (len(checks_of(bank)), asked(shop)) == (1, [1])
    assert db.session.scalar(select(func.count(GatewayQuestion.id))) == 2


def test_a_refused_list_is_remembered_and_paid_for(shop, bank):
    bank.misbehave(md5_list_403=True)
    first, second = two_due(shop)
    questions.ask_together(questions.due_together()[0])
    assert [first.status, second.status] == [P.CANCELLED, P.CANCELLED]
    assert (len(checks_of(bank)), asked(shop)) == (3, [3])
    third, fourth = two_due_again(first)
    assert questions.due_together() == [[third.id], [fourth.id]]


def two_due_again(payment):
    pair = []
    for _ in range(2):
        pair.append(charge(payment.sale.shift))
        checkout.cancel(pair[-1], who="cashier:dara")
    return pair


def test_a_list_that_the_day_cannot_pay_for_is_asked_one_by_one(shop, bank, account):
    first, second = two_due(shop)
    budget.spend(account, 9, Purpose.PERSON)
    questions.ask_together([first.id, second.id])
    assert [first.trouble, second.trouble] == ["", "quota"]
    assert len(checks_of(bank)) == 1
