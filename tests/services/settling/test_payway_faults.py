"""The faults of a gateway by number, G3 to G10, as a shop that is paid by PayWay meets them.

G1 and G2 stand in test_payway_slow.py, G11 to G24 in test_payway_money.py.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayCircuit, GatewayTransaction
from pos.services.asking import questions
from pos.services.banking import accounts
from pos.services.settling import answers
from pos.states import PaymentStatus, Remark, SaleStatus
from tests.factories import charge
from tests.gateways.payway.practice import MERCHANT_ID, merchant
from tests.payway import ask, asked, bills, close, shift, shop

__all__ = ["shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture
def payment(shift):
    return charge(shift)


@pytest.fixture
def paid(payment, bank):
    """A QR over $3.50 that the customer has paid, and we have not asked about."""
    bank.pay(payment.qr_string)
    return payment


def count_money():
    return db.session.scalar(select(func.count(GatewayTransaction.id)))


def outlives(payment, bank, clock, trouble):
    """Whether the trouble neither pays nor ends a payment, and the first good answer pays it."""
    assert (ask(payment), payment.trouble) == (P.AWAITING, trouble)
    assert payment.sale.status is SaleStatus.OPEN and count_money() == 0
    clock.time = payment.expires_at + timedelta(seconds=30)
    answers.expire_due()
    assert ask(payment) is P.EXPIRING
    bank.behave()
    clock.advance(600)
    return ask(payment) is P.PAID and count_money() == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_g03_an_outage(paid, bank, clock, status):
    bank.misbehave(status=status)
    assert outlives(paid, bank, clock, Trouble.DOWN)


def test_g03_after_five_failures_the_bank_is_let_alone_for_a_while(payment, bank, clock):
    bank.misbehave(status=503)
    for _ in range(5):
        ask(payment)
    circuit = db.session.get_one(GatewayCircuit, payment.account_id)
    assert circuit.paused_until is not None
    before = len(bank.calls())
    assert not questions.ask_if_due(payment.id) and len(bank.calls()) == before


def test_g04_an_approved_answer_under_status_500(paid, bank, clock):
    bank.misbehave(status_body=500)
    assert outlives(paid, bank, clock, Trouble.DOWN)


def test_g05_a_key_that_ended_and_a_new_one(paid, bank, clock, shop):
    other = {"merchant_id": MERCHANT_ID, "private_key": merchant().private_key}
    new = bank.http.post("/sandbox/payway/merchants", json=other).json()["api_key"]
    for _ in range(6):
        assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.UNAUTHORISED)
    assert "key" in paid.trouble_says
    accounts.store_token(shop.account_id, new)
    clock.advance(30)
    assert questions.ask_if_due(paid.id) and paid.status is P.PAID


@pytest.mark.parametrize("switch", [{"geo_403": True}, {"payway_code": "83"}])
def test_g06_our_place_or_profile_is_refused(paid, bank, clock, switch):
    bank.misbehave(**switch)
    ask(paid)
    assert paid.status is P.AWAITING and paid.trouble in (Trouble.FORBIDDEN, Trouble.UNAUTHORISED)
    bank.behave()
    assert ask(paid) is P.PAID


@pytest.mark.parametrize(
    ("switch", "seconds"), [({"status": 429, "retry_after": 30}, 30), ({"payway_code": "429"}, 60)]
)
def test_g07_asked_too_often(paid, bank, clock, switch, seconds):
    bank.misbehave(**switch)
    assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.BUSY)
    until = db.session.get_one(GatewayCircuit, paid.account_id).paused_until
    assert until == clock.time + timedelta(seconds=seconds)
    bank.behave()
    before = len(bank.calls())
    clock.advance(seconds - 1)
    questions.ask_if_due(paid.id)
    assert len(bank.calls()) == before
    clock.advance(60)
    assert ask(paid) is P.PAID


@pytest.mark.parametrize(
    "switch",
    [
        *({"body": ""}, {"body": "[]"}, {"body": "{}"}, {"checkout_page": True}),
        *({"truncated": True}, {"charset": "utf-16"}, {"duplicate_keys": True}),
        *({"nan_amount": True}, {"big_amount": True}, {"null_data": True}),
        *({"huge_body": 5_000_000}, {"gzip_bomb": 5_000_000}),
    ],
    ids=str,
)
def test_g08_nonsense(paid, bank, clock, switch):
    bank.misbehave(**switch)
    assert outlives(paid, bank, clock, Trouble.GARBLED)


@pytest.mark.parametrize("switch", [{"drop": True}, {"cut": True}, {"reset": True}], ids=str)
def test_g09_a_connection_that_ends_early(paid, bank, clock, switch):
    bank.misbehave(**switch)
    assert outlives(paid, bank, clock, Trouble.SILENT)


def test_g10_a_qr_was_made_and_its_answer_lost(shift, bank, clock):
    bank.misbehave(drop=True, calls=1)
    lost = charge(shift)
    assert (lost.status, lost.trouble) == (P.CREATE_FAILED, Trouble.SILENT)
    close(lost)
    assert bills(bank) == {lost.tran_id: True} and asked(bank).count("generate-qr") == 1
    qr = bank.http.get("/sandbox/payway/bills").json()[0]["qr"]
    bank.pay(qr)
    assert ask(lost) is P.CREATE_FAILED and lost.remark is Remark.PAID_LATE
    assert count_money() == 1 and lost.sale.status is SaleStatus.OPEN
