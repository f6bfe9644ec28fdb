"""The shapes of PayWay's answers, and how the switches bend them.

Source: ABA PayWay guides of 2026; where its test host was seen to differ, as it was seen.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Response

from pos.money import Currency
from pos.sandbox.faults import Taken
from pos.sandbox.payway.standing import CODES
from pos.sandbox.payway.table import OLD_CHECK, Call, Code, Refusal
from pos.sandbox.wire import BIG, json_answer, note

Body = dict[str, Any]

_CASES = {"qrString": "qr_string", "qrImage": "qr_image"}
_AMOUNTS = ("amount", "original_amount", "total_amount")
_TWICE = '"status": {"code": "00", "message": "Success!"}'


def checkout_page() -> Response:
    """Return the page that a browser would be shown to pay on."""
    page = "<!doctype html><html><head><title>Checkout</title></head><body>Checkout</body></html>"
    return Response(page, mimetype="text/html")


def succeed(call: Call, body: Body, taken: Taken) -> Response:
    """Return the answer of a call that went well; `body["status"]` may bring fields of its own."""
    body = _bent(body, taken)
    code = _code(taken.get("success_code", call.success), taken)
    note(error_code=code)
    if call is OLD_CHECK:
        return json_answer(_old(body["data"]), taken, 200, twice='"status": 0')
    status = {"code": code, "message": "Success!", **body.pop("status", {})}
    if "no_error_code" in taken:
        del status["code"]
    return json_answer(_placed(body, status, taken), taken, 200, twice=_TWICE)


def refuse(call: Call, refusal: Refusal, taken: Taken) -> Response:
    """Return the answer of a call that was refused."""
    code = _code(refusal.code, taken)
    note(error_code=code)
    if call is OLD_CHECK:
        old = {"status": code, "description": refusal.message}
        return json_answer(old, taken, 200, twice='"status": 0')
    status: Body = {"code": code, "message": refusal.message}
    if refusal.errors:
        status["errors"] = {name: [text] for name, text in refusal.errors.items()}
    http_status = 200 if "always_200" in taken else refusal.status
    return json_answer({"status": status}, taken, http_status, twice=_TWICE)


def _code(code: Code, taken: Taken) -> Code:
    kind = taken.get("codes")
    if kind == "number" and str(code).isdigit():
        return int(code)
    return str(code) if kind == "text" else code


def _old(data: Body | None) -> Body:
    """Return the retired shape, whose status is the state of the bill itself."""
    if data is None:
        return {"status": 0, "description": None}
    word = str(data["payment_status"])
    rest = {name: value for name, value in data.items() if not name.startswith("payment_status")}
    return {"status": data["payment_status_code"], "description": word.lower(), **rest}


def _placed(body: Body, status: Body, taken: Taken) -> Body:
    data = body.get("data")
    if "status_in_data" in taken and isinstance(data, dict):
        return {"data": {**data, "status": status}}
    if "flat_data" in taken and isinstance(data, dict):
        return {**data, "status": status}
    return {**body, "status": status}


def _bent(body: Body, taken: Taken) -> Body:
    if "null_data" in taken:
        return {"data": None}
    if "other_case" in taken:
        cases = _CASES | {new: old for old, new in _CASES.items()}
        body = {cases.get(name, name): value for name, value in body.items()}
    data = body.get("data", body)
    for row in data if isinstance(data, list) else [data]:
        for name, bend in _BENDERS.items():
            if name in taken:
                bend(row, taken[name])
    return body


def _amounts(value: Any) -> Any:
    def bend(row: Body, _: object) -> None:
        row.update({name: value(row[name]) for name in _AMOUNTS if name in row})

    return bend


def _status(row: Body, word: str) -> None:
    if "payment_status" not in row:
        return
    row.update(payment_status=word, payment_status_code=CODES.get(word, 9))
    if word == "PENDING":
        row.update(payment_amount=0, payment_currency="", apv="")


def _earlier(row: Body, seconds: float) -> None:
    if "transaction_date" in row:
        form = "%Y-%m-%d %H:%M:%S"
        shown = datetime.strptime(row["transaction_date"], form) - timedelta(seconds=seconds)
        row["transaction_date"] = f"{shown:{form}}"


def _other_currency(row: Body, _: object) -> None:
    for name in ("currency", "payment_currency", "original_currency"):
        if row.get(name):
            row[name] = next(one for one in Currency if one.value != row[name]).value


def _without(row: Body, names: list[str]) -> None:
    for name in names:
        row.pop(name, None)


_BENDERS: dict[str, Any] = {
    "payment_status": _status,
    "older_time": _earlier,
    "wrong_currency": _other_currency,
    "wrong_amount": _amounts(lambda amount: amount + 1),
    "amount_text": _amounts(str),
    "nan_amount": _amounts(lambda _: float("nan")),
    "big_amount": _amounts(lambda _: BIG),
    "extra_fields": lambda row, _: row.update(paid=True, bonus={"points": [1, 2]}),
    "set": lambda row, fields: row.update(fields),
    "no_hash": lambda row, _: row.pop("apv", None),
    "without": _without,
}
