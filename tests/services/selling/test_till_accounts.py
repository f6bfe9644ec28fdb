"""A store whose tills are paid at different banks."""

import pytest
from sqlalchemy import select

from pos.errors import BadInput
from pos.extensions import db
from pos.models import GatewayTransaction
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.shop import shops
from pos.states import PaymentStatus
from tests import payway
from tests.factories import NO_FLOAT, charge, create_other_shop, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def account_id(shop, bank):
    return payway.add_account(bank)


def test_each_till_is_paid_at_its_own_bank(shop, bank, account_id):
    shops.pay_till_on(shop.till_ids[1], account_id)
    first = charge(open_shift(shop), usd("3.50"))
    second = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT), usd("3.50"))
    assert (first.account.gateway, second.account.gateway) == ("bakong", "payway")
    for payment in (first, second):
        bank.pay(payment.qr_string)
        questions.ask(payment.id, who="worker")
        assert payment.status is PaymentStatus.PAID
    money = db.session.scalars(select(GatewayTransaction).order_by(GatewayTransaction.id))
    assert [one.gateway for one in money] == ["bakong", "payway"]


def test_a_qr_that_was_made_before_is_paid_where_it_was_made(shop, bank, account_id):
    payment = charge(open_shift(shop))
    shops.pay_store_on(shop.store_id, account_id)
    bank.pay(payment.qr_string)
    questions.ask(payment.id, who="worker")
    assert (payment.status, payment.account.gateway) == (PaymentStatus.PAID, "bakong")


def test_a_store_that_moves_takes_along_the_tills_without_their_own(shop, account_id):
    old = shop.account_id
    shops.pay_till_on(shop.till_ids[0], old)
    shops.pay_store_on(shop.store_id, account_id)
    shift = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    assert charge(shift).account_id == account_id
    assert charge(open_shift(shop)).account_id == old
    shops.pay_till_on(shop.till_ids[0], None)


def test_nobody_is_paid_on_another_merchants_account(shop, bank):
    theirs = create_other_shop(bank.url, "x").account_id
    with pytest.raises(BadInput):
        shops.pay_store_on(shop.store_id, theirs)
    with pytest.raises(BadInput):
        shops.pay_till_on(shop.till_id, theirs)
