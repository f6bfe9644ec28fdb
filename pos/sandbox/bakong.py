"""The endpoints of the Bakong Open API, as a till meets them.

POST only, JSON in and out; everything else under /v1 is the web server's own 404 page, the
removed `request_token` and `verify` included. Business refusals come with HTTP 200.
Source: NBC "Bakong Open API Documentation" 1.0.2 to 1.0.5, and what live answers add.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, request, url_for

from pos.errors import PosError
from pos.money import Currency, Money
from pos.sandbox import wire
from pos.sandbox.answers import NOT_FOUND, Data, failure, send, success, transfer_data
from pos.sandbox.bank import this_bank
from pos.sandbox.ledger import Ledger, Transfer, is_account_id
from pos.sandbox.shown import read_qr

LIST_LIMIT = 50
_LONGEST_KEY = 255
_TOO_MUCH = 10**15
_SOURCE_INFO = ("appIconUrl", "appName", "appDeepLinkCallback")

blueprint = Blueprint("bakong", __name__, url_prefix="/v1")
wire.speak(blueprint)


@blueprint.post("/check_transaction_by_md5")
def by_md5() -> Response:
    """Answer whether the dynamic QR with this MD5 was paid; a static one never was."""
    return _check(lambda ledger, body: _dynamic(ledger.by_md5(_key(body, "md5"))))


@blueprint.post("/check_transaction_by_hash")
def by_hash() -> Response:
    """Answer with the transfer of this hash."""
    return _check(lambda ledger, body: ledger.by_hash(_key(body, "hash")))


@blueprint.post("/check_transaction_by_short_hash")
def by_short_hash() -> Response:
    """Answer with the transfer whose hash begins so, if amount and currency are equal too."""
    return _check(
        lambda ledger, body: ledger.by_short_hash(_key(body, "hash"), _money(body)),
    )


@blueprint.post("/check_transaction_by_external_ref")
def by_external_ref() -> Response:
    """Answer with the transfer of this reference of the payer's bank."""
    return _check(lambda ledger, body: ledger.by_external_ref(_key(body, "externalRef")))


@blueprint.post("/check_transaction_by_instruction_ref")
def by_instruction_ref() -> Response:
    """Answer with the transfer of this instruction reference."""
    return _check(lambda ledger, body: ledger.by_instruction_ref(_key(body, "instructionRef")))


@blueprint.post("/check_transaction_by_md5_list")
def by_md5_list() -> Response:
    """Answer for up to 50 MD5s at once; production's front server answers 403 to everybody."""
    if "md5_list_403" in wire.taken():
        return wire.web_page(403)
    return _check_list("md5", Ledger.by_md5, says_static=True)


@blueprint.post("/check_transaction_by_hash_list")
def by_hash_list() -> Response:
    """Answer for up to 50 hashes at once."""
    return _check_list("hash", Ledger.by_hash, says_static=False)


@blueprint.post("/check_bakong_account")
def check_account() -> Response:
    """Answer whether an account exists; no token is asked for."""
    refused = _spoilt()
    if refused:
        return refused
    account_id = _object().get("accountId")
    if not isinstance(account_id, str):
        return _answer(failure(5), 400)
    if not is_account_id(account_id):
        return _answer(failure(12))
    known = this_bank().ledger.has_account(account_id)
    return _answer(success(None, "Account ID exists") if known else failure(11))


@blueprint.post("/generate_deeplink_by_qr")
def deep_link() -> Response:
    """Answer with a short link to this QR on the phone page; no token is asked for."""
    refused = _spoilt()
    if refused:
        return refused
    body = _object()
    qr, source = body.get("qr"), body.get("sourceInfo")
    if not (isinstance(qr, str) and qr) or not _is_source_info(source):
        return _answer(failure(5))
    try:
        read_qr(qr)
    except PosError:
        return _answer(failure(4))
    bank = this_bank()
    path = url_for("phone.link", link_id=bank.links.add(qr))
    short_link = (bank.public_url or request.host_url).rstrip("/") + path
    return _answer(success({"shortLink": short_link}, "Getting deep link successfully"))


@blueprint.post("/renew_token")
def renew_token() -> Response:
    """Answer with a new token for a registered e-mail address of at most 30 characters."""
    refused = _spoilt()
    if refused:
        return refused
    email = _object().get("email")
    if not isinstance(email, str) or not 1 <= len(email) <= 30:
        return _answer(failure(5), 400)
    tokens = this_bank().tokens
    if not tokens.is_registered(email):
        return _answer(failure(10))
    return _answer(success({"token": tokens.issue(email).text}, "Token has been issued"))


@blueprint.route("/<path:_>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing_here(_: str) -> Response:
    """Answer as the web server does where the API has nothing."""
    return wire.web_page(404)


class _MissingField(Exception):
    """The body lacks a field, or it is not of the documented kind."""


def _check(find: Callable[[Ledger, dict[str, Any]], Transfer | None]) -> Response:
    refused = _unauthorised() or _spoilt()
    if refused:
        return refused
    try:
        transfer = find(this_bank().ledger, _object())
    except _MissingField:
        return _answer(failure(5), 400)
    if transfer is None:
        return _answer(failure(1))
    return _answer(failure(3) if transfer.is_failed else success(transfer_data(transfer)))


def _check_list(
    key: str, find: Callable[[Ledger, str], Transfer | None], *, says_static: bool
) -> Response:
    refused = _unauthorised() or _spoilt()
    if refused:
        return refused
    keys = wire.json_body()
    if not isinstance(keys, list) or not 1 <= len(keys) <= LIST_LIMIT:
        return _answer(failure(5), 400)
    if not all(isinstance(one, str) for one in keys):
        return _answer(failure(5), 400)
    ledger = this_bank().ledger
    items = [{key: one} | _item(find(ledger, one), says_static) for one in keys]
    return _answer(success(items, "Getting transaction data successfully."))


def _item(transfer: Transfer | None, says_static: bool) -> Data:
    if transfer is None:
        return {"status": "NOT_FOUND", "message": NOT_FOUND, "data": None}
    if transfer.is_static and says_static:
        message = "The system does not support static QR code"
        return {"status": "STATIC_QR", "message": message, "data": None}
    if transfer.is_failed:
        return {"status": "FAILED", "message": "Transaction failed", "data": None}
    data = transfer_data(transfer)
    return {"status": "SUCCESS", "message": "Transaction success", "data": data}


def _dynamic(transfer: Transfer | None) -> Transfer | None:
    return None if transfer is None or transfer.is_static else transfer


def _unauthorised() -> Response | None:
    """Refuse a call without a good token, and one over the day's quota."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    token_id = this_bank().tokens.id_of(text.strip()) if kind.lower() == "bearer" else None
    if text:
        wire.note(token_known=token_id is not None)
    faults = wire.taken()
    if token_id is None or "token_expired" in faults:
        return _answer(failure(6), 401)
    made = this_bank().calls.count_today(token_id)
    return _answer(failure(17)) if made > faults.get("daily_limit", made) else None


def _spoilt() -> Response | None:
    """Refuse a call that meets a switch for an errorCode."""
    faults = wire.taken()
    if "unauthorised_200" in faults:
        return _answer(failure(6))
    return _answer(failure(faults["error_code"])) if "error_code" in faults else None


def _answer(envelope: Data, status: int = 200) -> Response:
    return send(envelope, wire.taken(), status)


def _object() -> dict[str, Any]:
    body = wire.json_body()
    return body if isinstance(body, dict) else {}


def _key(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_KEY:
        raise _MissingField
    return value


def _money(body: dict[str, Any]) -> Money:
    try:
        currency = Currency(_key(body, "currency"))
        amount = Decimal(str(body.get("amount")))
    except (ValueError, InvalidOperation) as error:
        raise _MissingField from error
    # No transfer is of zero, so an amount that no transfer can have is not found either.
    minor = amount.scaleb(currency.exponent) if 0 < amount < _TOO_MUCH else Decimal(0)
    return Money(int(minor) if minor == int(minor) else 0, currency)


def _is_source_info(source: object) -> bool:
    if source is None:
        return True
    return isinstance(source, dict) and all(
        isinstance(source.get(name), str) and source[name] for name in _SOURCE_INFO
    )
