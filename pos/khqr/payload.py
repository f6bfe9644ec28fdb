"""What a KHQR says, before it is written."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """The account template: 29 is open to any Bakong account, 30 to a bank's own merchants."""

    INDIVIDUAL = "29"
    MERCHANT = "30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The fields of a KHQR as text, word for word as they will be written.

    An optional field that is None, empty or blank is left out. Without an amount, or with an
    amount of zero, the code is static: the payer types the amount and it never expires.
    `amount` is decimal text (`amount_text` makes it), `currency` a numeric code (KHR if None).
    `merchant_id` counts only for a MERCHANT, `account_information` only for an INDIVIDUAL.
    """

    kind: AccountKind
    account_id: str
    merchant_name: str
    merchant_city: str | None = None
    merchant_id: str | None = None
    acquiring_bank: str | None = None
    account_information: str | None = None
    currency: str | None = None
    amount: str | None = None
    category_code: str | None = None
    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    terminal_label: str | None = None
    purpose: str | None = None
    language: str | None = None
    name_in_language: str | None = None
    city_in_language: str | None = None
    unionpay_account: str | None = None
    expires_at_ms: int | None = None
