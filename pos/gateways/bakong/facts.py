"""The money in an answer of Bakong: its `data` object, read whole or refused.

Nothing here compares it with a sale; it only makes sure that what is handed on was said.
Source: NBC, Bakong Open API v1.0.2 (Nov 2021), and real answers of 2025-26 where they differ.
"""

import re
from datetime import datetime
from decimal import Decimal

from pos.clock import from_epoch_ms
from pos.errors import GatewayGarbled
from pos.gateways.base import PaidFacts
from pos.money import Currency, Money

_LONGEST_TEXT = 128
_NUMBER = re.compile(r"[0-9]{1,13}(\.[0-9]{1,13})?")
_HEX = re.compile(r"[0-9A-Fa-f]+")


def read_facts(data: object) -> PaidFacts:
    """Return the facts of one transfer, or raise GatewayGarbled and name the field.

    Hash, amount, currency, receiver, the payer's time and the tracking word must be readable;
    the rest may be missing.
    """
    if not isinstance(data, dict):
        raise GatewayGarbled("success without a transaction")
    return PaidFacts(
        reference=_hash(data.get("hash")),
        amount=_money(data.get("amount"), data.get("currency")),
        payer=_remark(data.get("fromAccountId")),
        receiver=_text(data.get("toAccountId"), "toAccountId"),
        paid_at=_instant(data.get("createdDateMs"), "createdDateMs"),
        confirmed_at=_instant_or_none(data.get("acknowledgedDateMs")),
        bank_reference=_remark(data.get("externalRef")),
        tracking=_tracking(data.get("trackingStatus")),
    )


def _hash(value: object) -> str:
    """One transfer has one spelling of its hash, or it could be booked twice."""
    text = _text(value, "hash")
    return text.lower() if _HEX.fullmatch(text) else text


def _text(value: object, name: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= _LONGEST_TEXT or not text.isprintable():
        raise GatewayGarbled(f"{name} cannot be read")
    return text


def _tracking(value: object) -> str:
    """It may say that the money went back, so what cannot be read is not passed over."""
    return "" if value in (None, "") else _text(value, "trackingStatus")


def _remark(value: object) -> str:
    """A field for people only: what is readable of it."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return "".join(one for one in text[:_LONGEST_TEXT] if one.isprintable()).strip()


def _money(amount: object, currency: object) -> Money:
    """Major units as a JSON number or text, exact in cents or riel. Never rounded."""
    if not isinstance(currency, str) or currency not in set(Currency):
        raise GatewayGarbled("currency cannot be read")
    known = Currency(currency)
    minor = _number(amount, "amount").scaleb(known.exponent)
    if minor <= 0 or minor != minor.to_integral_value():
        raise GatewayGarbled(f"amount is not whole in the smallest unit of {known}")
    return Money(int(minor), known)


def _number(value: object, name: str) -> Decimal:
    """A bool is an int to Python and nothing to a bank; 1e400 would fill the memory."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise GatewayGarbled(f"{name} is not a number")
    number = Decimal(value)
    # 26 digits are fewer than the decimal context's 28, so nothing below is ever rounded.
    if len(number.as_tuple().digits) > 26 or not -13 <= number.adjusted() <= 13:
        raise GatewayGarbled(f"{name} is out of bounds")
    return number


def _instant(value: object, name: str) -> datetime:
    """Milliseconds since 1970, between 2001 and 2286; samples carry `.0` and even `.2`."""
    milliseconds = int(_number(value, name))
    if not 10**12 <= milliseconds < 10**13:
        raise GatewayGarbled(f"{name} is not a time in milliseconds")
    return from_epoch_ms(milliseconds)


def _instant_or_none(value: object) -> datetime | None:
    try:
        return _instant(value, "")
    except GatewayGarbled:
        return None
