"""A request as texts: what was sent, exactly, and what may stand in it."""

import base64
import binascii
import re
from datetime import datetime

from flask import request

from pos.money import Currency, Money
from pos.sandbox import wire
from pos.sandbox.payway.signing import text_of
from pos.sandbox.payway.table import Refusal

Fields = dict[str, str]

_TRAN_ID = re.compile(r"[A-Za-z0-9-]{1,20}")
_TIME = re.compile(r"[0-9]{14}")
_DOLLARS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_RIEL = re.compile(r"[0-9]{1,9}")


def read_fields() -> Fields:
    """Return the fields of a JSON object or a form, numbers as PHP would write them."""
    if request.mimetype == "application/json":
        body = wire.json_body()
        if not isinstance(body, dict):
            raise invalid({"body": "The body must be a JSON object."})
        return {str(name): text_of(value) for name, value in body.items()}
    return {str(name): str(value) for name, value in request.form.items()}


def invalid(errors: dict[str, str]) -> Refusal:
    """Return the refusal of fields that are missing or not of their kind."""
    return Refusal("04", "The given data was invalid.", 400, errors)


def is_time(text: str) -> bool:
    """Tell whether the text is a time of fourteen digits."""
    try:
        return bool(_TIME.fullmatch(text)) and bool(datetime.strptime(text, "%Y%m%d%H%M%S"))
    except ValueError:
        return False


def at_most(fields: Fields, limits: dict[str, int]) -> None:
    """Refuse fields that are longer than they may be."""
    long = {
        name: f"The {name} may not be greater than {limit} characters."
        for name, limit in limits.items()
        if len(fields.get(name, "")) > limit
    }
    if long:
        raise invalid(long)


def tran_id(fields: Fields) -> str:
    """Return the merchant's number: letters, digits and hyphens, twenty at most."""
    if not _TRAN_ID.fullmatch(fields["tran_id"]):
        raise invalid({"tran_id": "The tran_id format is invalid."})
    return fields["tran_id"]


def money(fields: Fields, default: Currency | None = None) -> Money:
    """Return the amount; at least one cent or 100 riel."""
    try:
        given = fields.get("currency", "").upper()
        currency = default if default and not given else Currency(given)
    except ValueError as error:
        raise Refusal(12, "Payment currency is not allowed.") from error
    text = fields["amount"]
    if currency is Currency.KHR:
        if _DOLLARS.fullmatch(text) and not _RIEL.fullmatch(text):
            raise Refusal(46, "KHR amount must not have decimals.")
        if not _RIEL.fullmatch(text):
            raise invalid({"amount": "The amount must be a number."})
        if int(text) < 100:
            raise Refusal(47, "KHR amount must be greater than 100.")
        return Money(int(text), currency)
    if not _DOLLARS.fullmatch(text):
        raise invalid({"amount": "The amount must be a number with two decimals."})
    whole, _, cents = text.partition(".")
    minor = int(whole + cents.ljust(2, "0"))
    if minor == 0:
        raise invalid({"amount": "The amount must be at least 0.01."})
    return Money(minor, currency)


def minutes(fields: Fields, low: int, high: int) -> int:
    """Return the lifetime in minutes."""
    text = fields["lifetime"]
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise invalid({"lifetime": f"The lifetime must be between {low} and {high}."})
    return int(text)


def address(text: str, *, plain_too: bool) -> str | None:
    """Return the address in a base64 text, None for none, ValueError for what is no address."""
    if not text:
        return None
    try:
        url = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        url = text if plain_too else ""
    if not url.startswith(("http://", "https://")):
        raise ValueError("not an address")
    return url
