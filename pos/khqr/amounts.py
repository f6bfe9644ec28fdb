"""Money as KHQR writes it: the decimal text of tag 54 and the numeric currency of tag 53."""

import re

from pos.khqr.errors import AmountInvalid, CurrencyLength, CurrencyMissing, CurrencyUnsupported
from pos.money import Currency, Money

MOST_CHARACTERS = 13
"""Of tag 54."""

_CODES = {Currency.KHR: "116", Currency.USD: "840"}
_CURRENCIES = {code: currency for currency, code in _CODES.items()}
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")
"""ASCII digits only; neither signs, spaces, commas nor exponents. Fifteen digits bound the work."""


def numeric_code(currency: Currency) -> str:
    """Return the ISO 4217 number of tag 53: "116" for KHR, "840" for USD."""
    return _CODES[currency]


def currency_of(code: str) -> Currency:
    """Return the currency of a numeric code; errors 9, 19 and 28 for what KHQR does not take."""
    if not code:
        raise CurrencyMissing
    if len(code) > 3:
        raise CurrencyLength
    if code not in _CURRENCIES:
        raise CurrencyUnsupported
    return _CURRENCIES[code]


def amount_text(money: Money) -> str:
    """Return the text of tag 54: dollars with cents only where there are any, whole riel.

    "3.50" and "3" for USD, "15000" for KHR. AmountInvalid (4) for nothing, for less than nothing
    (such a code would let the payer choose the amount) and for more than 13 characters.
    Source: NBC npm `bakong-khqr` 1.0.20.
    """
    whole, cents = divmod(money.minor, 10**money.currency.exponent)
    text = f"{whole}.{cents:02d}" if cents else str(whole)
    if money.minor <= 0 or len(text) > MOST_CHARACTERS:
        raise AmountInvalid
    return text


def read_amount(text: str, currency: Currency) -> Money:
    """Return the amount of a decimal text; AmountInvalid (4) unless it is plain and above zero.

    Riel may carry a fraction of zeros, as old codes do ("5000.0"), but no other.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise AmountInvalid
    cents = int(match[1] + (match[2] or "").ljust(2, "0"))
    minor, rest = divmod(cents, 10 ** (2 - currency.exponent))
    if rest or minor == 0:
        raise AmountInvalid
    return Money(minor, currency)
