"""One call of PayWay from its body to its answer: who asks, may they, and what is said."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response

from pos import clock
from pos.sandbox import wire
from pos.sandbox.bank import this_bank
from pos.sandbox.faults import Taken
from pos.sandbox.payway.answers import Body, checkout_page, refuse, succeed
from pos.sandbox.payway.fields import Fields, invalid, is_time, read_fields
from pos.sandbox.payway.merchants import Merchant
from pos.sandbox.payway.signing import request_hash
from pos.sandbox.payway.table import MESSAGES, Call, Refusal


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose merchant and hash are good."""

    merchant: Merchant
    fields: Fields


def answer(call: Call, deed: Callable[[Asked], Body]) -> Response:
    """Return what the deed gives for a request that is admitted, or why it is refused."""
    taken = wire.taken()
    if "checkout_page" in taken:
        return checkout_page()
    try:
        return succeed(call, deed(_admitted(call, taken)), taken)
    except Refusal as refusal:
        return refuse(call, refusal, taken)


def _admitted(call: Call, taken: Taken) -> Asked:
    fields = read_fields()
    missing = [name for name in (*call.required, "hash") if not fields.get(name)]
    if missing and call.name == "refund":
        raise Refusal("PTL04", f"The {missing[0]} field is required.")
    if missing:
        raise invalid({name: f"The {name} field is required." for name in missing})
    merchant = this_bank().payway.merchants.by_id(fields["merchant_id"])
    if merchant is None:
        raise Refusal(call.bad_merchant, "Invalid merchant.")
    wanted = request_hash(merchant.api_key, call.order, fields)
    is_good = hmac.compare_digest(wanted.encode(), fields["hash"].encode())
    wire.note(token_known=is_good)
    if not is_good:
        raise Refusal(call.bad_hash, "Wrong Hash.")
    _refuse_by_switch(call, taken)
    _refuse_time(fields, taken)
    if this_bank().payway.is_over(call, merchant.merchant_id):
        raise Refusal(429, "Too many requests. Please try again in 1 minute.")
    return Asked(merchant, fields)


def _refuse_by_switch(call: Call, taken: Taken) -> None:
    if "payway_code" in taken:
        code: str = taken["payway_code"]
        asks = call.name.startswith(("check", "transaction-detail"))
        status = 400 if code == "04" else 200 if code == "6" and asks else 403
        message = MESSAGES.get(code, "Something went wrong.")
        raise Refusal(int(code) if code.isdigit() and code[0] != "0" else code, message, status)


def _refuse_time(fields: Fields, taken: Taken) -> None:
    old = "request_time" in fields
    text = fields["request_time" if old else "req_time"]
    if not is_time(text):
        raise Refusal("PTL06", "Wrong request_time.") if old else invalid({"req_time": "Bad time."})
    if "strict_time" in taken:
        asked_at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if abs((clock.now() - asked_at).total_seconds()) > taken["strict_time"]:
            raise Refusal(21, "End of API lifetime.")
