"""Callbacks as PayWay signs them; not by the shop's own code."""

import json

from pos.sandbox.payway.signing import RAW, SORTED, callback_signature, signature
from tests.gateways.payway.practice import merchant

PATH = "/api/payway/v2/webhook"
DONE = {"success": True, "message": "Webhook processed successfully"}


def body_of(tran_id, **fields):
    """The five fields of the guides."""
    told = {"tran_id": tran_id, "apv": "502809", "status": "0", "return_params": tran_id}
    return told | {"merchant_ref": ""} | fields


def signed(body, key="", style="sorted"):
    """The bytes of a body and the headers that prove it."""
    key, raw = key or merchant().api_key, json.dumps(body)
    headers = {"Content-Type": "application/json"}
    if style in ("sorted", "both"):
        headers[SORTED] = callback_signature(key, body)
    if style in ("raw", "both"):
        headers[RAW] = signature(key, raw)
    return raw.encode(), headers
