"""The hash that PayWay wants on every request: an HMAC over the very text that is sent.

Source: ABA, developer.payway.com.kh (2026): values in an order of each call's own, with nothing
between them; a field that is not sent counts as empty text.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping

_PAYMENTS = "api/payment-gateway/v1/payments"

PATHS = {
    "generate-qr": f"{_PAYMENTS}/generate-qr",
    "purchase": f"{_PAYMENTS}/purchase",
    "check-transaction-2": f"{_PAYMENTS}/check-transaction-2",
    "check-transaction": f"{_PAYMENTS}/check-transaction",
    "transaction-detail": f"{_PAYMENTS}/transaction-detail",
    "transaction-list-2": f"{_PAYMENTS}/transaction-list-2",
    "get-transactions-by-mc-ref": f"{_PAYMENTS}/get-transactions-by-mc-ref",
    "close-transaction": f"{_PAYMENTS}/close-transaction",
    "refund": "api/merchant-portal/merchant-access/online-transaction/refund",
    "exchange-rate": "api/payment-gateway/v1/exchange-rate",
}
"""Where each call lies below a host's address."""

_OF_ONE = ("req_time", "merchant_id", "tran_id")

ORDERS: dict[str, tuple[str, ...]] = {
    "generate-qr": (
        *("req_time", "merchant_id", "tran_id", "amount", "items", "first_name", "last_name"),
        *("email", "phone", "purchase_type", "payment_option", "callback_url"),
        *("return_deeplink", "currency", "custom_fields", "return_params", "payout"),
        *("lifetime", "qr_image_template"),
    ),
    "purchase": (
        *("req_time", "merchant_id", "tran_id", "amount", "items", "shipping", "firstname"),
        *("lastname", "email", "phone", "type", "payment_option", "return_url", "cancel_url"),
        *("continue_success_url", "return_deeplink", "currency", "custom_fields"),
        *("return_params", "payout", "lifetime", "additional_params", "google_pay_token"),
        "skip_success_page",
    ),
    "check-transaction-2": _OF_ONE,
    "check-transaction": _OF_ONE,
    "transaction-detail": _OF_ONE,
    "close-transaction": _OF_ONE,
    "transaction-list-2": (
        *("req_time", "merchant_id", "from_date", "to_date", "from_amount", "to_amount"),
        *("status", "page", "pagination"),
    ),
    "get-transactions-by-mc-ref": ("req_time", "merchant_id", "merchant_ref"),
    "refund": ("request_time", "merchant_id", "merchant_auth"),
    "exchange-rate": ("req_time", "merchant_id"),
}
"""Which fields a call's hash covers, in this order; others are sent and not covered."""


def sign(key: str, text: bytes) -> str:
    """Return the base64 HMAC-SHA512 of the bytes, as a header or a `hash` field carries it."""
    return b64encode(hmac.new(key.encode(), text, hashlib.sha512).digest()).decode("ascii")


def hash_input(call: str, fields: Mapping[str, str]) -> str:
    """Return the text whose hash a call carries."""
    return "".join(fields.get(name, "") for name in ORDERS[call])


def signed(call: str, fields: Mapping[str, str], key: str) -> dict[str, str]:
    """Return the fields with their `hash`; they must be sent just as they are here."""
    return {**fields, "hash": sign(key, hash_input(call, fields).encode())}
