"""The money in an answer of Bakong: its `data` object, read whole or refused.

Nothing here compares it with a sale; it only makes sure that what is handed on was said.
Source: NBC, Bakong Open API v1.0.2 (Nov 2021), and real answers of 2025-26 where they differ.
"""

import re
from datetime import datetime

from pos.clock import from_epoch_ms
from pos.errors import GatewayGarbled
from pos.gateways import fields
from pos.gateways.base import PaidFacts

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
        amount=fields.money(data.get("amount"), fields.currency(data.get("currency"))),
        payer=fields.remark(data.get("fromAccountId")),
        receiver=fields.text(data.get("toAccountId"), "toAccountId"),
        paid_at=_instant(data.get("createdDateMs"), "createdDateMs"),
        confirmed_at=_instant_or_none(data.get("acknowledgedDateMs")),
        bank_reference=fields.remark(data.get("externalRef")),
        tracking=_tracking(data.get("trackingStatus")),
    )


def _hash(value: object) -> str:
    """One transfer has one spelling of its hash, or it could be booked twice."""
    text = fields.text(value, "hash")
    return text.lower() if _HEX.fullmatch(text) else text


def _tracking(value: object) -> str:
    """It may say that the money went back, so what cannot be read is not passed over."""
    return "" if value in (None, "") else fields.text(value, "trackingStatus")


def _instant(value: object, name: str) -> datetime:
    """Milliseconds since 1970, between 2001 and 2286; samples carry `.0` and even `.2`."""
    milliseconds = int(fields.number(value, name))
    if not 10**12 <= milliseconds < 10**13:
        raise GatewayGarbled(f"{name} is not a time in milliseconds")
    return from_epoch_ms(milliseconds)


def _instant_or_none(value: object) -> datetime | None:
    try:
        return _instant(value, "")
    except GatewayGarbled:
        return None
