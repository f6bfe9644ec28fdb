"""What the bank says of the money, by number, as a shop that is paid by PayWay hears it.

G1 to G10 stand in test_payway_slow.py and test_payway_faults.py. What G21 and G22 can look like
on the wire is in tests/gateways/test_address.py and tests/gateways/test_tls.py.
"""

import socket
from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayAccount, GatewayTransaction
from pos.services.banking import accounts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus, Remark, SaleStatus
from tests.factories import charge, khr, usd
from tests.gateways import certificates, wire
from tests.gateways.payway.practice import MERCHANT_ID
from tests.payway import ask, bills, shift, shop
from tests.services.settling.test_payway_faults import count_money, outlives, paid, payment

__all__ = ["paid", "payment", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.mark.parametrize(
    ("amount", "remark"), [("1.99", Remark.UNDERPAID), ("200", Remark.OVERPAID)]
)
def test_g11_another_amount(payment, bank, amount, remark):
    bank.pay(payment.qr_string, amount=amount)
    assert (ask(payment), payment.remark) == (P.MISMATCH, remark)
    assert payment.sale.status is SaleStatus.OPEN and count_money() == 1


def test_g12_a_payer_with_the_other_currency(shift, bank):
    payment = charge(shift, khr("4000"))
    bank.pay(payment.qr_string, currency="USD")
    assert ask(payment) is P.PAID
    assert db.session.scalars(select(GatewayTransaction)).one().amount == khr("4000")


def test_g13_another_account(payment, bank):
    bank.pay(payment.qr_string, to_account="somebody@prac")
    assert ask(payment) is P.AWAITING and count_money() == 0


@pytest.mark.parametrize("switch", [{"no_hash": True}, {"without": ["transaction_date"]}], ids=str)
def test_g14_paid_without_a_number_or_a_time(paid, bank, clock, switch):
    bank.misbehave(**switch)
    assert outlives(paid, bank, clock, Trouble.GARBLED)


def test_g14_paid_before_the_qr_was_made_settles_nothing_and_calls_a_person(paid, bank, clock):
    bank.misbehave(older_time=86_400)
    assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.GARBLED)
    clock.time = paid.expires_at + timedelta(seconds=30)
    answers.expire_due()
    assert (ask(paid), paid.remark) == (P.MISMATCH, Remark.ODD_TIME)
    assert paid.sale.status is SaleStatus.OPEN


def test_g15_paid_twice_is_paid_once(payment, bank):
    bank.pay(payment.qr_string, times=2)
    for _ in range(2):
        assert (ask(payment), payment.remark) == (P.PAID, None)
    assert count_money() == 1


def test_g15_two_qrs_of_one_sale_are_both_paid(payment, bank):
    fresh = checkout.new_qr(payment, who="cashier:dara")
    for one in (payment, fresh):
        bank.pay(one.qr_string)
    assert ask(fresh) is P.PAID
    assert (ask(payment), payment.remark) == (P.PAID, Remark.DUPLICATE)


def test_g16_no_two_payments_share_a_number_at_the_bank(shift, payment, bank, clock):
    bank.pay(payment.qr_string)
    assert ask(payment) is P.PAID
    other = charge(shift, usd("3.50"))
    bank.misbehave(duplicates_accepted=True)
    bank.pay(other.qr_string)
    assert ask(other) is P.PAID
    references = set(db.session.scalars(select(GatewayTransaction.reference)))
    assert references == {payment.tran_id, other.tran_id}


@pytest.mark.parametrize("flip", [{"payment_status": "PENDING"}, {"payway_code": "6"}], ids=str)
def test_g17_an_answer_that_flips(paid, bank, flip):
    assert ask(paid) is P.PAID
    bank.misbehave(**flip)
    assert ask(paid) is P.PAID
    bank.behave()
    assert ask(paid) is P.PAID and count_money() == 1


@pytest.mark.parametrize("knew_it", [True, False])
def test_g18_given_back_at_the_bank(paid, bank, knew_it):
    if knew_it:
        assert ask(paid) is P.PAID
    wanted = {"merchant_id": MERCHANT_ID, "tran_id": paid.tran_id, "amount": "3.50"}
    bank.http.post("/sandbox/payway/refunds", json=wanted).raise_for_status()
    assert ask(paid) is (P.PAID if knew_it else P.MISMATCH)
    assert paid.sale.status is (SaleStatus.PAID if knew_it else SaleStatus.OPEN)
    assert count_money() == 1


def test_g19_stuck_for_forty_minutes_and_then_paid(paid, bank, clock):
    bank.misbehave(payment_status="PENDING")
    clock.time = paid.expires_at + timedelta(seconds=10)
    answers.expire_due()
    assert ask(paid) is P.EXPIRED
    clock.advance(minutes=40)
    assert ask(paid) is P.EXPIRED
    bank.behave()
    assert (ask(paid), paid.remark) == (P.PAID, Remark.LEARNED_LATE)


def test_g20_a_bank_whose_clock_is_seven_minutes_off(paid, bank):
    bank.misbehave(older_time=420)
    assert ask(paid) is P.PAID


def move_bank(payment, url):
    """The account's bank is at another address from now on."""
    with writing(db.session):
        db.session.get_one(GatewayAccount, payment.account_id).base_url = url


@pytest.mark.parametrize("address", [None, "10.0.0.7", "127.0.0.1"])
def test_g21_a_name_that_is_not_known_or_leads_inside(paid, bank, monkeypatch, address):
    move_bank(paid, "https://checkout.payway.example")

    def look_up(*_, **__):
        if address is None:
            raise socket.gaierror(-2, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    with monkeypatch.context() as names:
        names.setattr(socket, "getaddrinfo", look_up)
        assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.UNREACHABLE)
    assert count_money() == 0
    move_bank(paid, bank.url)
    assert ask(paid) is P.PAID


def test_g22_a_bank_that_cannot_prove_itself(paid, bank, tmp_path):
    tls = certificates.server(None, tmp_path, ip="127.0.0.1")
    with wire.bank(wire.send(wire.message()), tls=tls) as false_bank:
        move_bank(paid, false_bank.url)
        assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.UNPROVEN)
    assert false_bank.heard == [] and count_money() == 0
    move_bank(paid, bank.url)
    assert ask(paid) is P.PAID


def test_g23_a_redirect_is_not_followed(paid, bank, clock):
    bank.misbehave(redirect="http://127.0.0.1:9/x")
    assert outlives(paid, bank, clock, Trouble.GARBLED)


def test_g24_a_key_of_another_host(shift, shop, bank):
    accounts.store_token(shop.account_id, "key-of-the-test-host")
    payment = charge(shift)
    assert payment.status is P.CREATE_FAILED and bills(bank) == {}
    assert "merchant id and key" in payment.trouble_says
