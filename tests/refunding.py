"""Giving money back, as the tests of it do over and over."""

import pytest
from sqlalchemy import select, update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, GatewayTransaction, Refund
from pos.services.banking import vault
from pos.services.refunding import refund_wishes, refunds
from tests.factories import charge, usd
from tests.gateways.payway.practice import MERCHANT_ID, merchant
from tests.payway import ask
from tests.payway import shop as payway_shop

__all__ = ["payway_shop"]

WHO = "cashier:dara"
REFUND_PATH = "/api/merchant-portal/merchant-access/online-transaction/refund"
_keys = iter(range(10**9))


def give_keys(app):
    """Let the shop's account encrypt refunds for the bank."""
    with app.app_context(), writing(db.session):
        sealed = vault.seal(app.extensions["pos_settings"], merchant().public_key)
        db.session.execute(update(GatewayAccount).values(refund_key_sealed=sealed))


@pytest.fixture
def shop(payway_shop, app):
    give_keys(app)
    return payway_shop


@pytest.fixture
def paid(shift, bank):
    """Ten dollars, paid at the bank and in the books."""
    payment = charge(shift, usd("10"))
    bank.pay(payment.qr_string)
    ask(payment)
    return money_of(payment)


def money_of(payment):
    query = select(GatewayTransaction).where(GatewayTransaction.payment_id == payment.id)
    return db.session.scalars(query).one()


def wish(shop, amount="3", **changes):
    usual = {"reason": "goods_back", "note": "", "key": f"refund-form-key-{next(_keys):06}"}
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    money = usd(amount) if isinstance(amount, str) else amount
    return refund_wishes.Wish(**{"amount": money, **usual, **people, **changes})


def give_back(money_id, shop, amount="3", **changes):
    """Give some back; a fresh form each time."""
    return refunds.give_back(money_id, wish(shop, amount, **changes), who=WHO)


def at_bank(bank, money, amount):
    """Somebody refunds in the bank's own portal."""
    wanted = {"merchant_id": MERCHANT_ID, "tran_id": money.reference, "amount": amount}
    assert bank.http.post("/sandbox/payway/refunds", json=wanted).status_code == 201


def bank_total(bank, money):
    """What the bank has given back of it in all, as it says itself."""
    rows = bank.http.get("/sandbox/payway/bills").json()
    return next(row for row in rows if row["transaction_id"] == money.reference)["refund_amount"]


def all_refunds():
    db.session.rollback()
    return list(db.session.scalars(select(Refund).order_by(Refund.id)))
