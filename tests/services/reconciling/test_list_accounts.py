"""The lists of all accounts of a store, each held against its own payments."""

import pytest
from sqlalchemy import select, update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.gateways.payway.signing import sign
from pos.models import GatewayAccount, Payment, ReconcileList, ReconcileRun
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.reconciling import reconcile
from pos.services.shop import shops
from pos.states import PaymentStatus, RefundStatus
from tests import payway
from tests.factories import NO_FLOAT, charge, create_other_shop, usd
from tests.payway import asked, shift
from tests.refunding import all_refunds, payway_shop, shop
from tests.services.reconciling.test_list_pass import listed, lists_read, run

__all__ = ["payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

SECOND = "ec000777"
LIST = "transaction-list-2"


@pytest.fixture
def second(shop, bank):
    """A PayWay account of the second till alone."""
    account_id = payway.add_account(bank, SECOND, "key-of-the-second-account")
    shops.pay_till_on(shop.till_ids[1], account_id)
    return account_id


@pytest.fixture
def both(shop, shift, bank, second):
    """Ten dollars at each till, each at its own account."""
    rows = [charge(shift, usd("10")), charge(second_shift(shop), usd("10"))]
    for payment in rows:
        bank.pay(payment.qr_string)
        assert payway.ask(payment) is PaymentStatus.PAID
    assert rows[0].account_id != rows[1].account_id == second
    return rows


def second_shift(shop):
    return shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)


def refund_at_bank(bank, payment, amount):
    wanted = {"merchant_id": SECOND, "tran_id": payment.tran_id, "amount": amount}
    assert bank.http.post("/sandbox/payway/refunds", json=wanted).status_code == 201


def at_second_desk(bank, tran_id):
    """Make and pay a bill at the second account, of which the shop knows nothing."""
    told = {"req_time": pos_clock.now().strftime("%Y%m%d%H%M%S"), "merchant_id": SECOND}
    told |= {"tran_id": tran_id, "amount": "4.00", "purchase_type": "purchase"}
    told |= {"payment_option": "abapay_khqr", "currency": "USD", "lifetime": "3"}
    told |= {"qr_image_template": "template1"}
    text = "".join(told.values()).encode()
    told["hash"] = sign("key-of-the-second-account", text)
    path = "/api/payment-gateway/v1/payments/generate-qr"
    bank.pay(bank.http.post(path, json=told).json()["qrString"])


def test_two_accounts_that_agree_are_both_listed(both, shop, bank, clock, second):
    done = run(shop, clock)
    assert (listed(done), done.left_unasked, done.trouble) == ([], 0, "")
    assert lists_read(done) == sorted([shop.account_id, second])
    assert asked(bank).count(LIST) == 2


def test_money_that_only_the_second_account_has_is_told(both, shop, bank, clock):
    at_second_desk(bank, "of-the-other-system")
    assert listed(run(shop, clock)) == [("theirs_only", "", "$4.00")]


def test_money_that_the_list_of_its_own_account_lacks_is_told(both, shop, bank, clock, second):
    with writing(db.session):
        swap = update(Payment).where(Payment.id == both[0].id)
        db.session.execute(swap.values(account_id=second))
    assert ("ours_only", "$10.00", "") in listed(run(shop, clock))


def test_what_went_back_at_the_second_account_calls_a_manager(both, shop, bank, clock):
    refund_at_bank(bank, both[1], "4")
    assert listed(run(shop, clock)) == [("returned", "$0.00", "$4.00")]
    assert [(one.status, one.payment_id) for one in all_refunds()] == [
        (RefundStatus.FOUND, both[1].id)
    ]


def test_an_account_that_cannot_be_asked_keeps_no_other_from_being_read(
    both, shop, bank, clock, second
):
    with writing(db.session):
        dead = update(GatewayAccount).where(GatewayAccount.id == shop.account_id)
        db.session.execute(dead.values(base_url="http://127.0.0.1:1"))
    refund_at_bank(bank, both[1], "4")
    first = run(shop, clock)
    assert (lists_read(first), first.trouble) == ([second], "unreachable")
    assert first.left_unasked == 2 and [one.amount for one in all_refunds()] == [usd("4")]
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(base_url=bank.url))
    clock.advance(minutes=2)
    again = run(shop, clock)
    assert (again.id, again.left_unasked, len(lists_read(again))) == (first.id, 0, 2)


def test_an_account_used_earlier_that_day_is_read_too(both, shop, bank, clock, second):
    shops.pay_till_on(shop.till_ids[1], None)
    refund_at_bank(bank, both[1], "4")
    done = run(shop, clock)
    assert lists_read(done) == sorted([shop.account_id, second])
    assert listed(done) == [("returned", "$0.00", "$4.00")]


def test_money_goes_back_at_an_account_that_was_left_weeks_ago(
    both, shop, shift, bank, clock, second
):
    shops.pay_till_on(shop.till_ids[1], None)
    clock.advance(days=9)
    refund_at_bank(bank, both[1], "4")
    charge(shift)
    done = run(shop, clock)
    assert lists_read(done) == [shop.account_id]
    assert listed(done) == [("returned", "$0.00", "$4.00")]


def test_a_bakong_account_of_a_till_has_no_list_and_waits_for_none(shop, shift, bank, clock):
    theirs = create_other_shop(bank.url, bank.token())
    with writing(db.session):
        moved = update(GatewayAccount).where(GatewayAccount.id == theirs.account_id)
        db.session.execute(moved.values(merchant_id=1, daily_quota=0))
    shops.pay_till_on(shop.till_ids[1], theirs.account_id)
    payment = charge(second_shift(shop))
    bank.pay(payment.qr_string)
    questions.ask(payment.id, who="worker")
    done = run(shop, clock)
    assert (done.left_unasked, lists_read(done)) == (0, [shop.account_id])


def test_every_night_reads_each_list_once(both, shop, bank, clock):
    clock.advance(hours=15)
    for _ in range(3):
        reconcile.nightly()
        clock.advance(minutes=1)
    assert asked(bank).count(LIST) == 2
    assert len(db.session.scalars(select(ReconcileRun.id)).all()) == 1
    assert len(db.session.scalars(select(ReconcileList.account_id)).all()) == 2
