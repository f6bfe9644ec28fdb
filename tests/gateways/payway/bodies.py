"""Answers of PayWay as they stand on the wire, to be spoilt by a test."""

import json
from dataclasses import replace

from pos.gateways.payway.answers import Question, read_answer
from pos.gateways.payway.frame import hear
from pos.gateways.reply import Reply
from pos.money import Currency

TRAN_ID = "261122-ABCDEFGHJ"
KEY = "canary-key-0001"
USD = Question(tran_id=TRAN_ID, currency=Currency.USD, merchant_id="ec000262")
KHR = replace(USD, currency=Currency.KHR)


def state(**changes):
    """The `data` of a paid check; a value of ... takes a field out."""
    data = {
        "payment_status_code": 0,
        "payment_status": "APPROVED",
        "total_amount": 3.5,
        "original_amount": 3.5,
        "refund_amount": 0,
        "discount_amount": 0,
        "payment_amount": 3.5,
        "payment_currency": "USD",
        "apv": "753786",
        "transaction_date": "2026-11-22 15:00:07",
    }
    return {name: value for name, value in (data | changes).items() if value is not ...}


def pending(**changes):
    """The `data` of a check that nobody has paid yet."""
    open_still = {"payment_status": "PENDING", "payment_status_code": 2, "apv": ""}
    return state(**open_still | {"payment_amount": 0, "payment_currency": ""} | changes)


def good(data=None, *, code="00", **more):
    """An answer of a call that went well."""
    status = {"code": code, "message": "Success!", "tran_id": TRAN_ID}
    return {"data": state() if data is None else data, "status": status} | more


def no(code, message="No."):
    """A refusal with this code."""
    return {"status": {"code": code, "message": message}}


def reply(document, status=200, **headers):
    """The reply that carries the document; text and bytes go as they are."""
    if isinstance(document, bytes):
        body = document
    else:
        body = (document if isinstance(document, str) else json.dumps(document)).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.of(status, named, body, KEY)


def answer_to(document, status=200, question=USD, **headers):
    """What a check makes of the document."""
    return read_answer(hear("check-transaction-2", reply(document, status, **headers)), question)
