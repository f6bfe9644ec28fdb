"""QRs as a till would show them, and the instant at which it does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pos import clock
from pos.khqr import AccountKind, Payload, encode

NOW = datetime(2026, 11, 22, 3, 0, 0, tzinfo=UTC)
SHOP = "angkor_coffee@aclb"


def make_qr(
    amount: str | None = "3.50",
    *,
    currency: str = "840",
    made_at: datetime = NOW,
    lifetime: timedelta = timedelta(minutes=5),
    **fields: Any,
) -> str:
    payload = {
        "kind": AccountKind.INDIVIDUAL,
        "account_id": SHOP,
        "merchant_name": "Angkor Coffee",
        "merchant_city": "Phnom Penh",
        "bill_number": "INV-0042",
        "currency": currency,
        "amount": amount,
        "expires_at_ms": clock.epoch_ms(made_at + lifetime) if amount else None,
    }
    return encode(Payload(**(payload | fields)), now=made_at)


def static_qr(**fields: Any) -> str:
    return make_qr(None, **fields)
