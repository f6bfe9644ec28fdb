"""The official kit's loose input as a Payload: numbers for text, falsy for absent."""

from typing import Any

from pos.khqr import AccountKind, Payload

_TEXTS = {
    "merchantID": "merchant_id",
    "acquiringBank": "acquiring_bank",
    "accountInformation": "account_information",
    "merchantCity": "merchant_city",
    "merchantCategoryCode": "category_code",
    "billNumber": "bill_number",
    "mobileNumber": "mobile_number",
    "storeLabel": "store_label",
    "terminalLabel": "terminal_label",
    "purposeOfTransaction": "purpose",
    "languagePreference": "language",
    "merchantNameAlternateLanguage": "name_in_language",
    "merchantCityAlternateLanguage": "city_in_language",
    "upiMerchantAccount": "unionpay_account",
}
DECODED = {
    "merchantType": "merchant_type",
    "bakongAccountID": "bakong_account_id",
    "accountInformation": "account_information",
    "merchantID": "merchant_id",
    "acquiringBank": "acquiring_bank",
    "billNumber": "bill_number",
    "mobileNumber": "mobile_number",
    "storeLabel": "store_label",
    "terminalLabel": "terminal_label",
    "purposeOfTransaction": "purpose_of_transaction",
    "languagePreference": "language_preference",
    "merchantNameAlternateLanguage": "merchant_name_alternate_language",
    "merchantCityAlternateLanguage": "merchant_city_alternate_language",
    "creationTimestamp": "creation_timestamp",
    "expirationTimestamp": "expiration_timestamp",
    "payloadFormatIndicator": "payload_format_indicator",
    "pointofInitiationMethod": "point_of_initiation_method",
    "unionPayMerchant": "union_pay_merchant",
    "merchantCategoryCode": "merchant_category_code",
    "transactionCurrency": "transaction_currency",
    "transactionAmount": "transaction_amount",
    "countryCode": "country_code",
    "merchantName": "merchant_name",
    "merchantCity": "merchant_city",
    "crc": "crc",
}
"""The official names of the fields of a decoded code, and ours."""


def payload_of(kind: str, given: dict[str, Any]) -> Payload:
    """Return the payload that the kit understands from its input, `individual` or `merchant`."""
    return Payload(
        kind=AccountKind[kind.upper()],
        account_id=_text(given.get("bakongAccountID")) or "",
        merchant_name=_text(given.get("merchantName")) or "",
        currency=_currency(given.get("currency")),
        amount=_text(given.get("amount")),
        expires_at_ms=_expiry(given.get("expirationTimestamp")),
        **{ours: _text(given.get(theirs)) for theirs, ours in _TEXTS.items()},
    )


def _text(value: Any) -> str | None:
    if not value:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)


def _currency(value: Any) -> str | None:
    # The kit measures the length of text only, so a long number is merely unknown to it.
    text = _text(value)
    return "num" if text and not isinstance(value, str) and len(text) > 3 else text


def _expiry(value: Any) -> Any:
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit()
    return int(value) if is_digits else value
