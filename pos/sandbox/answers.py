"""The words of the Bakong Open API: its envelope, its errors, a transfer's data.

Source: NBC "Bakong Open API Documentation" 1.0.2, and answers seen live in 2025 and 2026 where
they say more (responseMessage "Success", the fields from externalRef on).
"""

from typing import Any

from flask import Response

from pos.money import Currency
from pos.sandbox.faults import Taken
from pos.sandbox.ledger import Transfer
from pos.sandbox.wire import BIG, json_answer, note

NOT_FOUND = "Transaction could not be found. Please check and try again"

ERRORS = {
    1: f"{NOT_FOUND}.",
    2: "Sorry, the system does not support static QR code.",
    3: "Transaction failed.",
    4: "Error occurred on requesting deeplink from provider.",
    5: "Missing required fields.",
    6: "Unauthorized, not yet requested for token or code invalid",
    7: "Email server has been down.",
    8: "Email has been registered already.",
    9: "Cannot connect to server. Please try again later.",
    10: "Not registered yet",
    11: "Account ID not found",
    12: "Account ID is invalid",
    17: "Daily request limit has been reached. Please try again tomorrow.",
}

Data = dict[str, Any]


def success(data: Data | list[Data] | None, message: str = "Success") -> Data:
    """Return the envelope of a call that went well."""
    return {"responseCode": 0, "responseMessage": message, "errorCode": None, "data": data}


def failure(code: int) -> Data:
    """Return the envelope of an errorCode."""
    message = ERRORS.get(code, "Unknown error")
    return {"responseCode": 1, "responseMessage": message, "errorCode": code, "data": None}


def transfer_data(transfer: Transfer) -> Data:
    """Return a transfer as the API tells it; the amount is a JSON number in major units."""
    return {
        "hash": transfer.hash,
        "fromAccountId": transfer.from_account,
        "toAccountId": transfer.to_account,
        "currency": transfer.currency.value,
        "amount": float(transfer.money.decimal),
        "description": transfer.description,
        "createdDateMs": transfer.created_ms,
        "acknowledgedDateMs": transfer.acknowledged_ms,
        "externalRef": transfer.external_ref,
        "trackingStatus": None,
        "receiverBank": None,
        "receiverBankAccount": None,
        "instructionRef": transfer.instruction_ref,
    }


def send(envelope: Data, taken: Taken, status: int = 200) -> Response:
    """Return the envelope as an HTTP answer, spoilt as the switches say."""
    envelope = _spoilt_envelope(envelope, taken)
    note(error_code=envelope.get("errorCode"))
    return json_answer(envelope, taken, status, twice='"responseCode": 0')


def _spoilt_envelope(envelope: Data, taken: Taken) -> Data:
    if "null_data" in taken:
        return success(None)
    if "no_error_code" in taken and envelope["responseCode"] == 0:
        del envelope["errorCode"]
    for data in _transfers_in(envelope["data"]):
        _spoil_data(data, taken)
    return envelope


def _transfers_in(data: Data | list[Data] | None) -> list[Data]:
    if isinstance(data, list):
        return [item["data"] for item in data if item["data"]]
    return [data] if data and "hash" in data else []


def _spoil_data(data: Data, taken: Taken) -> None:
    for name, spoil in _SPOILERS.items():
        if name in taken:
            spoil(data, taken[name])


def _shift(data: Data, seconds: float) -> None:
    for name in ("createdDateMs", "acknowledgedDateMs"):
        data[name] -= int(seconds * 1000)


def _add_fraction(data: Data, _: object) -> None:
    for name in ("createdDateMs", "acknowledgedDateMs"):
        data[name] += 0.2


def _other_currency(data: Data, _: object) -> None:
    data["currency"] = next(code for code in Currency if code.value != data["currency"]).value


def _without(data: Data, names: list[str]) -> None:
    for name in names:
        data.pop(name, None)


_SPOILERS: dict[str, Any] = {
    "older_time": _shift,
    "ms_float": _add_fraction,
    "wrong_currency": _other_currency,
    "wrong_account": lambda data, _: data.update(toAccountId="somebody_else@practice"),
    "wrong_amount": lambda data, _: data.update(amount=data["amount"] + 1),
    "amount_text": lambda data, _: data.update(amount=str(data["amount"])),
    "nan_amount": lambda data, _: data.update(amount=float("nan")),
    "big_amount": lambda data, _: data.update(amount=BIG),
    "tracking_status": lambda data, word: data.update(trackingStatus=word),
    "extra_fields": lambda data, _: data.update(status="PAID", bonus={"points": [1, 2]}),
    "set": lambda data, fields: data.update(fields),
    "no_hash": lambda data, _: data.pop("hash"),
    "without": _without,
}
