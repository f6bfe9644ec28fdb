"""Writing a KHQR, tag for tag in the order of the official kit, so that both give one string.

Source: NBC npm `bakong-khqr` 1.0.20, whose order of checks decides which error is told first.
"""

import re
from datetime import datetime
from hashlib import md5

from pos.clock import epoch_ms
from pos.khqr import errors, rules
from pos.khqr.amounts import MOST_CHARACTERS, amount_text, currency_of, read_amount
from pos.khqr.payload import AccountKind, Payload
from pos.khqr.tlv import field, refuse_unshowable, seal, template
from pos.money import Currency

_DEFAULT_CATEGORY = "5999"
_DEFAULT_CITY = "Phnom Penh"
_DEFAULT_CURRENCY = "116"
_LANGUAGE = re.compile(r"[A-Za-z]{2}")
_ZERO = re.compile(r"0+(?:\.0+)?")

_Subfields = list[tuple[str, str | None]]


def encode(payload: Payload, *, now: datetime) -> str:
    """Return the complete text of a KHQR made at this instant, checksum included.

    Raises the first KhqrError in the official order; after those TemplateTooLong and
    ControlCharacter, which the official kit lets pass. Equal payloads in the same millisecond
    give equal texts, and so equal MD5s: put a number of your own in `bill_number`.
    """
    unionpay = _given(payload.unionpay_account)
    rules.at_most(99, unionpay, errors.UnionPayLength)
    account = _account(payload)
    category = _given(payload.category_code) or _DEFAULT_CATEGORY
    rules.category(category)
    code = _given(payload.currency) or _DEFAULT_CURRENCY
    currency = currency_of(code)
    if unionpay and currency is Currency.USD:
        raise errors.UnionPayCurrency
    amount = _amount(payload.amount, currency)
    rules.merchant_name(payload.merchant_name)
    city = _given(payload.merchant_city) or _DEFAULT_CITY
    rules.merchant_city(city)
    labels, language = _labels(payload), _language(payload)
    times = _times(payload.expires_at_ms, now) if amount else []
    body = (
        f"000201{'010212' if amount else '010211'}{field('15', unionpay)}"
        f"{template(payload.kind, account)}{field('52', category)}{field('53', code)}"
        f"{field('54', amount)}5802KH{field('59', payload.merchant_name)}{field('60', city)}"
        f"{template('62', labels)}{template('64', language)}{template('99', times)}"
    )
    refuse_unshowable(body)
    return seal(body)


def md5_of(qr: str) -> str:
    """Return the key under which Bakong finds the payment of exactly this text, in lower case.

    One changed character, the case of the checksum included, makes another key.
    """
    return md5(qr.encode(), usedforsecurity=False).hexdigest()


def _given(text: str | None) -> str | None:
    return text if text and not text.isspace() else None


def _account(payload: Payload) -> _Subfields:
    rules.account(payload.account_id)
    bank = _given(payload.acquiring_bank)
    if payload.kind == AccountKind.MERCHANT:
        reference = _given(payload.merchant_id)
        rules.filled(reference, errors.MerchantIdMissing)
        rules.at_most(32, reference, errors.MerchantIdLength)
        rules.filled(bank, errors.AcquiringBankMissing)
    else:
        reference = _given(payload.account_information)
        rules.at_most(32, reference, errors.AccountInformationLength)
    rules.at_most(32, bank, errors.AcquiringBankLength)
    return [("00", payload.account_id), ("01", reference), ("02", bank)]


def _amount(text: str | None, currency: Currency) -> str | None:
    if not text or _ZERO.fullmatch(text):
        return None
    money = read_amount(text, currency)
    # Dollars given with a point keep their two decimals, "1.0" too, as in the official kit.
    written = money.plain if "." in text else amount_text(money)
    rules.at_most(MOST_CHARACTERS, written, errors.AmountInvalid)
    return written


def _labels(payload: Payload) -> _Subfields:
    found: _Subfields = [
        ("01", _given(payload.bill_number)),
        ("02", _given(payload.mobile_number)),
        ("03", _given(payload.store_label)),
        ("07", _given(payload.terminal_label)),
        ("08", _given(payload.purpose)),
    ]
    rules.labels(*(text for _, text in found))
    return found


def _language(payload: Payload) -> _Subfields:
    preference = _given(payload.language)
    name, city = _given(payload.name_in_language), _given(payload.city_in_language)
    rules.language(preference, name, city)
    # Read as the kit reads, but write as EMVCo has it: no city alone, exactly two letters.
    if city and not preference:
        raise errors.LanguageMissing
    if preference and not _LANGUAGE.fullmatch(preference):
        raise errors.LanguageLength
    return [("00", preference), ("01", name), ("02", city)]


def _times(expires: object, now: datetime) -> _Subfields:
    if isinstance(expires, str | bool) or not expires:
        raise errors.ExpiryMissing
    created = str(epoch_ms(now))
    rules.expiry(str(expires), created)
    return [("00", created), ("01", str(expires))]
