"""close-transaction and refund.

Source: ABA PayWay guides of 2026; a close that changes nothing to be seen, by switch, as its
test host was seen to do.
"""

import base64
import binascii
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from pos import clock
from pos.money import Currency, Money
from pos.sandbox import wire
from pos.sandbox.bank import this_bank
from pos.sandbox.payway.answers import Body
from pos.sandbox.payway.frame import Asked, answer
from pos.sandbox.payway.standing import Standing
from pos.sandbox.payway.table import CLOSE, PAYMENTS, REFUND, REFUND_PATH, Refusal
from pos.sandbox.payway.told import number

blueprint = Blueprint("payway_ending", __name__)
wire.speak(blueprint)

REFUND_WINDOW = timedelta(days=30)
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")


@blueprint.post(f"{PAYMENTS}/{CLOSE.name}")
def close() -> Response:
    """Take no more money for a bill; closing twice is no error, closing a paid one is."""
    return answer(CLOSE, _close)


@blueprint.post(REFUND_PATH)
def refund() -> Response:
    """Give a part or all of a bill back to its payer."""
    return answer(REFUND, _refund)


def _close(asked: Asked) -> Body:
    desk, tran_id = this_bank().payway, asked.fields["tran_id"]
    standing = desk.find(asked.merchant.merchant_id, tran_id)
    if standing is None:
        raise Refusal(5, "Transaction not found.")
    if standing.paid:
        raise Refusal(2, "Transaction has already been approved and cannot be cancelled.")
    desk.bills.close(standing.bill)
    return {"status": {"tran_id": tran_id}}


def _refund(asked: Asked) -> Body:
    order = _unsealed(asked)
    if order.get("mc_id") != asked.merchant.merchant_id:
        raise Refusal("PTL62", "Invalid merchant information.")
    standing = this_bank().payway.find(asked.merchant.merchant_id, str(order.get("tran_id")))
    if standing is None or standing.paid is None:
        raise Refusal("PTL36", "Transaction not found.")
    if clock.now() - clock.from_epoch_ms(standing.bill.made_ms) > REFUND_WINDOW:
        raise Refusal("PTL57", "Unable to refund this transaction.")
    return give_back(standing, _amount(order.get("refund_amount"), standing.bill.currency))


def give_back(standing: Standing, money: Money) -> Body:
    """Write a refund down and return what the merchant is told; refused if less is left."""
    desk, bill = this_bank().payway, standing.bill
    if not desk.bills.refund(bill, money.minor, standing.original.minor):
        raise Refusal("PTL37", "Refund amount exceeds the transaction amount.")
    return {
        "grand_total": number(standing.original),
        "total_refunded": number(desk.standing(bill).refunded),
        "currency": bill.currency.value,
        "transaction_status": "REFUNDED",
    }


def _unsealed(asked: Asked) -> dict[str, Any]:
    try:
        sealed = base64.b64decode(asked.fields["merchant_auth"], validate=True)
        order = json.loads(asked.merchant.unseal(sealed).decode())
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Refusal("PTL05", "Wrong merchant_auth.") from error
    if not isinstance(order, dict):
        raise Refusal("PTL05", "Wrong merchant_auth.")
    if "refund_amount" not in order:
        raise Refusal("PTL04", "The refund_amount field is required.")
    return order


def _amount(value: object, currency: Currency) -> Money:
    """Return the amount, given as a number or as a text: guides and clients differ."""
    text = str(value)
    if isinstance(value, bool) or not _AMOUNT.fullmatch(text):
        raise Refusal("PTL186", "Wrong refund amount format.")
    minor = Decimal(text).scaleb(currency.exponent)
    if minor != int(minor):
        raise Refusal("PTL186", "Wrong refund amount format.")
    if minor == 0:
        raise Refusal("PTL187", "Refund amount is below the minimum.")
    return Money(int(minor), currency)
