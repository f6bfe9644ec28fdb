"""What PayWay says of a payment, and what it does to the books."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pos import clock as pos_clock
from pos.errors import BadInput
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayAccount, GatewayTransaction
from pos.services.settling import answers
from pos.services.shop import shops
from pos.states import PaymentStatus, Remark, SaleStatus
from tests.factories import charge, khr
from tests.gateways.payway.practice import MERCHANT_ID, merchant
from tests.payway import ask, settings, shift, shop

__all__ = ["settings", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.mark.parametrize(
    ("switches", "trouble"),
    [
        ({"hang": 5}, Trouble.SILENT),
        ({"trickle": 0.25}, Trouble.SILENT),
        ({"status": 502}, Trouble.DOWN),
        ({"status_body": 500}, Trouble.DOWN),
        ({"payway_code": "5"}, Trouble.UNAUTHORISED),
        ({"geo_403": True}, Trouble.FORBIDDEN),
        ({"status": 429}, Trouble.BUSY),
        ({"nan_amount": True}, Trouble.GARBLED),
        ({"truncated": True}, Trouble.GARBLED),
        ({"drop": True}, Trouble.SILENT),
        ({"no_hash": True}, Trouble.GARBLED),
        ({"without": ["transaction_date"]}, Trouble.GARBLED),
        ({"redirect": "http://127.0.0.1:9/"}, Trouble.GARBLED),
        ({"payway_code": "6"}, Trouble.FORBIDDEN),
    ],
)
def test_could_not_ask_is_never_unpaid_nor_paid(shift, bank, clock, switches, trouble):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    bank.misbehave(**switches)
    assert (ask(payment), payment.trouble) == (P.AWAITING, trouble)
    clock.time = payment.expires_at + timedelta(minutes=2)
    answers.expire_due()
    assert ask(payment) is P.EXPIRING
    bank.behave()
    clock.advance(600)
    assert ask(payment) is P.PAID


def test_money_of_another_day_is_not_believed_until_a_person_looks_at_it(shift, bank, clock):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    bank.misbehave(older_time=86_400)
    assert (ask(payment), payment.trouble) == (P.AWAITING, Trouble.GARBLED)
    clock.time = payment.expires_at + timedelta(minutes=2)
    answers.expire_due()
    assert (ask(payment), payment.remark) == (P.MISMATCH, Remark.ODD_TIME)
    assert payment.sale.status is SaleStatus.OPEN


@pytest.mark.parametrize(
    ("wishes", "remark"),
    [
        ({"amount": "3.49", "currency": "USD"}, Remark.UNDERPAID),
        ({"amount": "3.51", "currency": "USD"}, Remark.OVERPAID),
    ],
)
def test_another_amount_settles_nothing(shift, bank, wishes, remark):
    payment = charge(shift)
    bank.pay(payment.qr_string, **wishes)
    assert (ask(payment), payment.remark) == (P.MISMATCH, remark)
    assert payment.sale.status is SaleStatus.OPEN


def test_a_payer_who_pays_in_the_other_currency_pays_the_bill(shift, bank):
    payment = charge(shift, khr("4000"))
    bank.pay(payment.qr_string, amount="1.00", currency="USD")
    assert ask(payment) is P.PAID


@pytest.mark.parametrize("back", ["1.25", "3.50"])
def test_money_that_went_back_before_we_heard_of_it_needs_a_manager(shift, bank, back):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    wanted = {"merchant_id": MERCHANT_ID, "tran_id": payment.tran_id, "amount": back}
    bank.http.post("/sandbox/payway/refunds", json=wanted).raise_for_status()
    assert (ask(payment), payment.remark) == (P.MISMATCH, Remark.GIVEN_BACK)
    assert payment.sale.status is SaleStatus.OPEN


def test_paid_stays_paid_whatever_is_said_later(shift, bank):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    assert ask(payment) is P.PAID
    for switches in ({"payment_status": "PENDING"}, {"payway_code": "6"}, {"wrong_amount": True}):
        bank.misbehave(**switches)
        assert ask(payment) is P.PAID
        bank.behave()
    assert len(db.session.scalars(select(GatewayTransaction)).all()) == 1


def test_the_keys_are_sealed(shop):
    account = db.session.get_one(GatewayAccount, shop.account_id)
    assert account.token_sealed and merchant().api_key not in account.token_sealed


@pytest.mark.parametrize(
    "wrong",
    [{"account_id": "a b"}, {"account_id": "x" * 31}, {"payment_option": "cards"}]
    + [{"refund_key": "no key"}, {"callback_url": "http://shop.example/"}]
    + [{"callback_url": "https://" + "x" * 200}, {"gateway": "paypal"}],
)
def test_a_profile_that_cannot_be_payways_is_refused(shop, wrong):
    fields = {"gateway": "payway", "base_url": "https://x.example", "account_id": "ec1"}
    with pytest.raises(BadInput):
        shops.create_shop("A", "B", "C", ["T"], shops.NewAccount(**{**fields, **wrong}))


def test_times_of_the_bank_are_phnom_penhs(shift, bank):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    ask(payment)
    assert payment.paid_at == pos_clock.now()
