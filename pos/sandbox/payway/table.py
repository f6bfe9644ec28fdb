"""The calls of PayWay, one table: what each must bring, how it is hashed, how it is refused.

Codes mean something else at each call. Source: ABA PayWay guides of 2026; the HTTP statuses and
the numbers among the texts as its test host was seen to answer.
"""

from dataclasses import dataclass

PAYMENTS = "/api/payment-gateway/v1/payments"
RATE_PATH = "/api/payment-gateway/v1/exchange-rate"
REFUND_PATH = "/api/merchant-portal/merchant-access/online-transaction/refund"

Code = str | int


class Refusal(Exception):
    """A call is answered no: a code, a sentence, an HTTP status, and which fields were wrong."""

    def __init__(
        self, code: Code, message: str, status: int = 403, errors: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: its name, the fields in the order of its hash, and those that must be there."""

    name: str
    order: tuple[str, ...]
    required: tuple[str, ...] = ()
    bad_hash: Code = 1
    bad_merchant: Code = 8
    success: str = "00"
    a_minute: int | None = None


_ONE = ("req_time", "merchant_id", "tran_id")
_FIRST = ("req_time", "merchant_id", "tran_id", "amount", "items")
_QR = (
    *_FIRST,
    *("first_name", "last_name", "email", "phone", "purchase_type", "payment_option"),
    *("callback_url", "return_deeplink", "currency", "custom_fields", "return_params", "payout"),
    *("lifetime", "qr_image_template"),
)
_PURCHASE = (
    *_FIRST,
    *("shipping", "firstname", "lastname", "email", "phone", "type", "payment_option"),
    *("return_url", "cancel_url", "continue_success_url", "return_deeplink", "currency"),
    *("custom_fields", "return_params", "payout", "lifetime", "additional_params"),
    *("google_pay_token", "skip_success_page"),
)
_LIST = ("req_time", "merchant_id", "from_date", "to_date", "from_amount", "to_amount", "status")

GENERATE_QR = Call(
    name="generate-qr",
    order=_QR,
    required=(*_ONE, "amount", "currency", "payment_option", "lifetime", "qr_image_template"),
    bad_merchant=1,
    success="0",
)
PURCHASE = Call(name="purchase", order=_PURCHASE, required=(*_ONE, "amount"), bad_merchant=1)
CHECK = Call(name="check-transaction-2", order=_ONE, required=_ONE, bad_hash=5)
OLD_CHECK = Call(name="check-transaction", order=_ONE, required=_ONE, bad_hash=5)
DETAIL = Call(name="transaction-detail", order=_ONE, required=_ONE, bad_hash=5, a_minute=10)
LIST = Call(
    name="transaction-list-2",
    order=(*_LIST, "page", "pagination"),
    required=_ONE[:2],
    a_minute=50,
)
BY_REFERENCE = Call(
    name="get-transactions-by-mc-ref",
    order=("req_time", "merchant_id", "merchant_ref"),
    required=("req_time", "merchant_id", "merchant_ref"),
    a_minute=10,
)
CLOSE = Call(name="close-transaction", order=_ONE, required=_ONE, bad_merchant=26)
RATE = Call(name="exchange-rate", order=_ONE[:2], required=_ONE[:2], bad_merchant=26)
REFUND = Call(
    name="refund",
    order=("request_time", "merchant_id", "merchant_auth"),
    required=("request_time", "merchant_id", "merchant_auth"),
    bad_hash="PTL02",
    bad_merchant="PTL62",
)

CALLS = {
    call.name: call
    for call in (GENERATE_QR, PURCHASE, CHECK, OLD_CHECK, DETAIL, LIST, BY_REFERENCE)
    + (CLOSE, RATE, REFUND)
}
"""Every call by its name."""

MESSAGES = {
    "04": "The given data was invalid.",
    "1": "Wrong Hash.",
    "4": "Duplicated Transaction ID.",
    "5": "Wrong Hash.",
    "6": "Requested domain is not in whitelist.",
    "8": "Something went wrong. Please try again or contact the merchant.",
    "11": "Internal server error.",
    "12": "Payment currency is not allowed.",
    "21": "End of API lifetime.",
    "23": "Payment option is not enabled.",
    "32": "Service is not enabled.",
    "81": "Return URL is not in whitelist.",
    "102": "Callback URL is not in whitelist.",
    "403": "Duplicated Transaction ID.",
    "429": "Too many requests. Please try again in 1 minute.",
}
"""What a code that a switch asks for says, where it is the same at most calls."""
