"""The practice bank's own controls, for programs: JSON in and out under /sandbox.

`POST pay` also takes a form. What cannot be read is refused with 422 and a sentence.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from pos.errors import BadInput, Refused
from pos.sandbox.bank import this_bank
from pos.sandbox.ledger import Transfer, is_account_id
from pos.sandbox.orders import pay, read_order
from pos.sandbox.switches import SWITCHES
from pos.sandbox.wire import json_body

blueprint = Blueprint("control", __name__, url_prefix="/sandbox")


@blueprint.errorhandler(Refused)
def refuse(error: Refused) -> ResponseReturnValue:
    """Answer with the sentence that says what was wrong."""
    return jsonify(error=error.text), error.status


@blueprint.get("/health")
def health() -> Response:
    """Answer that the bank is up."""
    return jsonify(status="ok")


@blueprint.post("/pay")
def pay_qr() -> ResponseReturnValue:
    """Pay a QR as the fields say (`orders.read_order`) and answer 201 with what was booked."""
    order = read_order(_object() if request.is_json else request.form)
    booked = pay(this_bank().ledger, order)
    return jsonify(transfers=[transfer_json(transfer) for transfer in booked]), 201


@blueprint.get("/ledger")
def ledger() -> Response:
    """Answer with every transfer, oldest first."""
    return jsonify([transfer_json(transfer) for transfer in this_bank().ledger.transfers()])


@blueprint.get("/calls")
def calls() -> Response:
    """Answer with what was asked over the wire of late, newest last."""
    return jsonify([call.as_json() for call in this_bank().calls.all()])


@blueprint.post("/accounts")
def open_accounts() -> ResponseReturnValue:
    """Make the accounts in `accounts` exist."""
    wanted = _object().get("accounts")
    if not isinstance(wanted, list) or not all(
        isinstance(one, str) and is_account_id(one) for one in wanted
    ):
        raise BadInput("accounts takes a list of accounts such as shop@bank.")
    this_bank().ledger.open_accounts(wanted)
    return jsonify(accounts=wanted), 201


@blueprint.post("/tokens")
def make_token() -> ResponseReturnValue:
    """Register `email` and answer with a token; `expires_in` is its life in seconds."""
    body = _object()
    email, seconds = body.get("email"), body.get("expires_in", 90 * 86400)
    if not isinstance(email, str) or not 1 <= len(email) <= 30 or "@" not in email:
        raise BadInput("email takes an address of at most 30 characters.")
    if type(seconds) is not int or abs(seconds) > 10**9:
        raise BadInput("expires_in takes a whole number of seconds.")
    tokens = this_bank().tokens
    tokens.register([email])
    token = tokens.issue(email, timedelta(seconds=seconds))
    answer = {"email": email, "token": token.text, "expires_at": token.expires_at.isoformat()}
    return jsonify(answer), 201


@blueprint.delete("/tokens")
def end_tokens() -> Response:
    """End every token now; a registered address may still renew."""
    return jsonify(ended=this_bank().tokens.end_all())


@blueprint.get("/faults")
def faults() -> Response:
    """Answer with the switches that are on, and with all there are."""
    known = {name: switch.does for name, switch in SWITCHES.items()}
    return jsonify(on=[fault.as_json() for fault in this_bank().faults.all()], known=known)


@blueprint.post("/faults")
def set_faults() -> Response:
    """Turn switches on and off; all of them or, if one cannot be read, none."""
    this_bank().faults.set(_object())
    return faults()


@blueprint.delete("/faults")
def clear_faults() -> Response:
    """Turn off every switch that does not belong to the bank's mode."""
    this_bank().faults.clear()
    return faults()


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    """Return a transfer as the control API tells it: `amount` in major units, as on the wire."""
    return {
        "hash": transfer.hash,
        "short_hash": transfer.short_hash,
        "md5": transfer.md5,
        "qr": transfer.qr,
        "currency": transfer.currency.value,
        "amount": float(transfer.money.decimal),
        "amount_minor": transfer.amount_minor,
        "from_account": transfer.from_account,
        "to_account": transfer.to_account,
        "failed": transfer.is_failed,
        "static": transfer.is_static,
        "created_ms": transfer.created_ms,
        "acknowledged_ms": transfer.acknowledged_ms,
        "booked_ms": transfer.booked_ms,
        "external_ref": transfer.external_ref,
        "instruction_ref": transfer.instruction_ref,
        "description": transfer.description,
    }


def _object() -> dict[str, Any]:
    body = json_body()
    if not isinstance(body, dict):
        raise BadInput("The body must be a JSON object.")
    return body
