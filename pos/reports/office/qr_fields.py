"""The fields of a KHQR as a person reads them: tag, what it is called, value."""

from pos.khqr import Decoded, KhqrError, decode
from pos.words import _

QrField = tuple[str, str, str]
"""A tag, what it is called, and its value word for word."""

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("00", "payload_format_indicator", _("Format")),
    ("01", "point_of_initiation_method", _("Static (11) or for one payment (12)")),
    ("15", "union_pay_merchant", _("UnionPay merchant")),
    ("{kind}.00", "bakong_account_id", _("Account")),
    ("29.01", "account_information", _("Account information")),
    ("30.01", "merchant_id", _("Merchant id")),
    ("{kind}.02", "acquiring_bank", _("Bank")),
    ("52", "merchant_category_code", _("Kind of shop")),
    ("53", "transaction_currency", _("Currency")),
    ("54", "transaction_amount", _("Amount")),
    ("58", "country_code", _("Country")),
    ("59", "merchant_name", _("Merchant")),
    ("60", "merchant_city", _("City")),
    ("62.01", "bill_number", _("Bill number")),
    ("62.02", "mobile_number", _("Phone")),
    ("62.03", "store_label", _("Store")),
    ("62.07", "terminal_label", _("Till")),
    ("62.08", "purpose_of_transaction", _("Purpose")),
    ("64.00", "language_preference", _("Other language")),
    ("64.01", "merchant_name_alternate_language", _("Merchant in it")),
    ("64.02", "merchant_city_alternate_language", _("City in it")),
    ("99.00", "creation_timestamp", _("Made at, in milliseconds")),
    ("99.01", "expiration_timestamp", _("Ends at, in milliseconds")),
    ("63", "crc", _("Checksum")),
)
"""The tags of a KHQR, the field of each and what it is called.

Source: NBC, KHQR content guideline.
"""


def read_qr(text: str) -> tuple[tuple[QrField, ...], str]:
    """Return the fields of a KHQR as tag, name and value, and what is wrong with it, "" if nothing.

    A QR that a gateway made for other wallets is no KHQR: then there are no fields.
    """
    if not text:
        return (), ""
    try:
        read: Decoded = decode(text)
    except KhqrError as problem:
        return (), str(problem)
    kind = str(read.merchant_type)
    told = ((tag.format(kind=kind), name, getattr(read, field)) for tag, field, name in FIELDS)
    return tuple((tag, name, value) for tag, name, value in told if value is not None), ""
