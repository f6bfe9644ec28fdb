"""Reading a KHQR that anybody may have made: strict about its frame, word for word otherwise."""

from dataclasses import dataclass
from datetime import datetime

from pos.clock import from_epoch_ms
from pos.khqr import errors
from pos.khqr.amounts import MOST_CHARACTERS, currency_of, read_amount
from pos.khqr.payload import AccountKind
from pos.khqr.rules import is_milliseconds
from pos.khqr.tlv import walk
from pos.money import Currency, Money

_TEMPLATES = ("29", "30", "62", "64", "99")
_FIELDS = {
    "00": "payload_format_indicator",
    "01": "point_of_initiation_method",
    "15": "union_pay_merchant",
    "2900": "bakong_account_id",
    "2901": "account_information",
    "2902": "acquiring_bank",
    "3000": "bakong_account_id",
    "3001": "merchant_id",
    "3002": "acquiring_bank",
    "52": "merchant_category_code",
    "53": "transaction_currency",
    "54": "transaction_amount",
    "58": "country_code",
    "59": "merchant_name",
    "60": "merchant_city",
    "6201": "bill_number",
    "6202": "mobile_number",
    "6203": "store_label",
    "6207": "terminal_label",
    "6208": "purpose_of_transaction",
    "6400": "language_preference",
    "6401": "merchant_name_alternate_language",
    "6402": "merchant_city_alternate_language",
    "9900": "creation_timestamp",
    "9901": "expiration_timestamp",
    "63": "crc",
}
_KNOWN = {*_FIELDS, *_TEMPLATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The fields of a KHQR as they are written in it; None where absent.

    Nothing is vouched for but the frame: ask `verify` before anybody pays.
    """

    merchant_type: AccountKind
    bakong_account_id: str | None = None
    account_information: str | None = None
    merchant_id: str | None = None
    acquiring_bank: str | None = None
    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    terminal_label: str | None = None
    purpose_of_transaction: str | None = None
    language_preference: str | None = None
    merchant_name_alternate_language: str | None = None
    merchant_city_alternate_language: str | None = None
    creation_timestamp: str | None = None
    expiration_timestamp: str | None = None
    payload_format_indicator: str | None = None
    point_of_initiation_method: str | None = None
    union_pay_merchant: str | None = None
    merchant_category_code: str | None = None
    transaction_currency: str | None = None
    transaction_amount: str | None = None
    country_code: str | None = None
    merchant_name: str | None = None
    merchant_city: str | None = None
    crc: str | None = None

    @property
    def currency(self) -> Currency:
        """The currency of tag 53; errors 9, 19 and 28 for any but riel and dollar."""
        return currency_of(self.transaction_currency or "")

    @property
    def amount(self) -> Money | None:
        """What is asked, None if the payer types it; AmountInvalid (4) if it is no amount."""
        text = self.transaction_amount
        if text is None:
            return None
        if len(text) > MOST_CHARACTERS:
            raise errors.AmountInvalid
        return read_amount(text, self.currency)

    @property
    def is_dynamic(self) -> bool:
        """Whether it asks for one payment: it says so, or it has an amount."""
        return self.point_of_initiation_method == "12" or self.transaction_amount is not None

    @property
    def created_at(self) -> datetime | None:
        """When it was made; None if it does not say, or says it in a bank's own way."""
        text = self.creation_timestamp
        return from_epoch_ms(int(text)) if text and is_milliseconds(text) else None

    @property
    def expires_at(self) -> datetime | None:
        """The last instant at which it may be paid, None if never; error 49 if it is no time."""
        text = self.expiration_timestamp
        if text is None:
            return None
        if not is_milliseconds(text):
            raise errors.ExpiryLength
        return from_epoch_ms(int(text))


def decode(qr: str) -> Decoded:
    """Return what the KHQR says, without asking whether its checksum and expiry are good.

    Unknown tags are skipped, banks write many. Raises a KhqrError for what is no TLV, larger than
    8 KB, opened by another tag than 00, closed by another than 63, with a known tag twice, or
    with no account or two. A code that was cut just before its checksum is still read.
    """
    pairs = walk(qr)
    _refuse_order([tag for tag, _ in pairs])
    top = _known(pairs)
    kind = _kind(top)
    found = dict(top)
    for tag in _TEMPLATES:
        if tag in top:
            found |= _known([(tag + sub, value) for sub, value in walk(top[tag])])
    named = {_FIELDS[path]: text for path, text in found.items() if path in _FIELDS}
    return Decoded(merchant_type=kind, **named)


def _refuse_order(tags: list[str]) -> None:
    if "00" not in tags:
        raise errors.PayloadFormatMissing
    if tags[0] != "00":
        raise errors.TagOutOfOrder("00 must be first")
    if "63" in tags[:-1]:
        raise errors.TagOutOfOrder("63 must be last")


def _known(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, value in pairs:
        if path in found:
            raise errors.DuplicateTag(path)
        if path in _KNOWN:
            found[path] = value
    return found


def _kind(top: dict[str, str]) -> AccountKind:
    kinds = [kind for kind in AccountKind if kind in top]
    if len(kinds) > 1:
        raise errors.DuplicateTag("29 and 30")
    if not kinds:
        raise errors.MerchantTypeMissing
    return kinds[0]
