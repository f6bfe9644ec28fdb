"""Judging a KHQR: is it whole, and may it be paid now?"""

from datetime import datetime

from pos.khqr import errors, rules
from pos.khqr.amounts import currency_of
from pos.khqr.decode import Decoded, decode
from pos.khqr.errors import KhqrError
from pos.khqr.payload import AccountKind
from pos.khqr.tlv import crc16, units


def verify(qr: str, *, now: datetime) -> None:
    """Return if the code is whole, says all it must and may be paid now; else raise why not.

    Stricter than the official kit where that is lax: duplicates, amounts that are no amount, an
    expiry that it fails to look at. Like the kit it refuses an amount without an expiry
    (ExpiryMissing), though some banks' apps issue such codes: those are intact all the same.
    """
    decoded = _intact(qr)
    _head(decoded)
    _account_details(decoded)
    _shop(decoded)
    _payment(decoded)
    _moment(decoded, now)


def is_payable(qr: str, *, now: datetime) -> bool:
    """Tell whether `verify` has nothing against the code."""
    try:
        verify(qr, now=now)
    except KhqrError:
        return False
    return True


def is_intact(qr: str) -> bool:
    """Tell whether the code arrived as it was made: frame, checksum and account are good.

    A checksum is no signature: it finds damage, not a forger.
    """
    try:
        _intact(qr)
    except KhqrError:
        return False
    return True


def _intact(qr: str) -> Decoded:
    decoded = decode(qr)
    if not decoded.crc:
        raise errors.CrcMissing
    if units(decoded.crc) != 4:
        raise errors.CrcLength
    if crc16(qr[:-4]) != decoded.crc.upper():
        raise errors.KhqrInvalid("its checksum does not match")
    rules.account(decoded.bakong_account_id)
    return decoded


def _head(decoded: Decoded) -> None:
    version = rules.filled(decoded.payload_format_indicator, errors.PayloadFormatMissing)
    rules.at_most(2, version, errors.PayloadFormatLength)
    if version != "01":
        raise errors.PayloadFormatInvalid
    rules.at_most(2, decoded.point_of_initiation_method, errors.PointOfInitiationLength)
    if decoded.point_of_initiation_method not in (None, "11", "12"):
        raise errors.PointOfInitiationInvalid


def _account_details(decoded: Decoded) -> None:
    if decoded.merchant_type == AccountKind.MERCHANT:
        rules.at_most(32, decoded.merchant_id, errors.MerchantIdLength)
    else:
        rules.at_most(32, decoded.account_information, errors.AccountInformationLength)
    if decoded.acquiring_bank == "":
        raise errors.AcquiringBankMissing
    rules.at_most(32, decoded.acquiring_bank, errors.AcquiringBankLength)


def _shop(decoded: Decoded) -> None:
    rules.category(rules.filled(decoded.merchant_category_code, errors.CategoryMissing))
    # Any country passes, as in the official kit: another one than KH is odd, not wrong.
    country = rules.filled(decoded.country_code, errors.CountryMissing)
    rules.at_most(3, country, errors.CountryLength)
    rules.merchant_name(decoded.merchant_name)
    rules.merchant_city(decoded.merchant_city)
    rules.labels(
        decoded.bill_number,
        decoded.mobile_number,
        decoded.store_label,
        decoded.terminal_label,
        decoded.purpose_of_transaction,
    )
    rules.language(
        decoded.language_preference,
        decoded.merchant_name_alternate_language,
        decoded.merchant_city_alternate_language,
    )


def _payment(decoded: Decoded) -> None:
    currency_of(decoded.transaction_currency or "")
    if decoded.is_dynamic and decoded.amount is None:
        raise errors.AmountMissing


def _moment(decoded: Decoded, now: datetime) -> None:
    if not decoded.is_dynamic and decoded.expiration_timestamp is None:
        return
    rules.expiry(decoded.expiration_timestamp, decoded.creation_timestamp)
    if decoded.expires_at is not None and decoded.expires_at < now:
        raise errors.KhqrExpired
