"""PayWay's controls for programs, under /sandbox/payway: merchants, money back, callbacks.

What cannot be read is refused with 422 and a sentence, as everywhere under /sandbox.
"""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from pos.errors import BadInput, Refused
from pos.money import Money
from pos.sandbox.bank import this_bank
from pos.sandbox.payway.asking import row
from pos.sandbox.payway.ending import give_back
from pos.sandbox.payway.merchants import Merchant, new_merchant
from pos.sandbox.payway.table import Refusal
from pos.sandbox.wire import json_body

blueprint = Blueprint("payway_control", __name__, url_prefix="/sandbox/payway")

_TEXTS = ("api_key", "private_key", "name", "city", "callback_url")


@blueprint.errorhandler(Refused)
def refuse(error: Refused) -> ResponseReturnValue:
    """Answer with the sentence that says what was wrong."""
    return jsonify(error=error.text), error.status


@blueprint.post("/merchants")
def open_merchant() -> ResponseReturnValue:
    """Make a merchant known and answer with its keys; those that are not given are made."""
    body = _object()
    given = {name: body[name] for name in _TEXTS if body.get(name) is not None}
    if not all(isinstance(value, str) and value for value in given.values()):
        raise BadInput(f"{', '.join(_TEXTS)} take texts.")
    if not str(given.get("callback_url", "http://")).startswith(("http://", "https://")):
        raise BadInput("callback_url takes an address that begins with http:// or https://.")
    merchant_id = _text(body, "merchant_id")
    if len(merchant_id) > 20:
        raise BadInput("merchant_id has at most 20 characters.")
    merchant = new_merchant(merchant_id, **given)
    this_bank().payway.merchants.open([merchant])
    keys = {"api_key": merchant.api_key, "public_key": merchant.public_key}
    return jsonify(merchant_id=merchant_id, **keys), 201


@blueprint.get("/bills")
def bills() -> Response:
    """Answer with every bill and what has become of it, oldest first."""
    desk = this_bank().payway
    return jsonify(
        [
            row(desk.standing(bill))
            | {"merchant_id": bill.merchant_id, "qr": bill.qr, "md5": bill.md5}
            | {"closed": bill.closed_ms is not None}
            for bill in desk.bills.all()
        ]
    )


@blueprint.post("/refunds")
def refund_at_the_bank() -> ResponseReturnValue:
    """Give money of a paid bill back, as if somebody did it in the bank's own portal."""
    body = _object()
    merchant, tran_id = _merchant(body), _text(body, "tran_id")
    standing = this_bank().payway.find(merchant.merchant_id, tran_id)
    if standing is None or standing.paid is None:
        raise BadInput("There is no paid bill of this tran_id.")
    money = Money.read(str(body.get("amount", standing.original.plain)), standing.bill.currency)
    try:
        return jsonify(give_back(standing, money)), 201
    except Refusal as refusal:
        raise BadInput(refusal.message) from refusal


@blueprint.post("/callbacks")
def send_callback() -> ResponseReturnValue:
    """Send a callback now: about any tran_id, true or not, with `fields` set so."""
    body = _object()
    fields = body.get("fields", {})
    if not isinstance(fields, dict):
        raise BadInput("fields takes an object of fields and values.")
    if not this_bank().payway.tell(_merchant(body), _text(body, "tran_id"), fields):
        raise BadInput("Neither the bill nor the merchant has a callback address.")
    return jsonify(sent=True), 202


@blueprint.get("/callbacks")
def callbacks() -> Response:
    """Answer with the callbacks that were sent, in the order in which they ended."""
    return jsonify(this_bank().payway.callbacks.sent())


def _merchant(body: dict[str, Any]) -> Merchant:
    merchant = this_bank().payway.merchants.by_id(_text(body, "merchant_id"))
    if merchant is None:
        raise BadInput("There is no merchant of this merchant_id.")
    return merchant


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(f"{name} takes a text.")
    return value


def _object() -> dict[str, Any]:
    body = json_body()
    if not isinstance(body, dict):
        raise BadInput("The body must be a JSON object.")
    return body
