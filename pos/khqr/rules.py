"""What each field may hold: one set of rules for the codes we write and the codes we read.

Each function raises the official error of its field. None is "not there"; an empty text is
there and wrong. Lengths are UTF-16 code units.
Source: NBC npm `bakong-khqr` 1.0.20; its `checkBakongAccount` for the shape of an account.
"""

import re

from pos.khqr import errors
from pos.khqr.tlv import units

_ACCOUNT = re.compile(r"[^@\s]+@[^@\s]+")
_CATEGORY = re.compile(r"[0-9]{4}")
_MILLISECONDS = re.compile(r"[0-9]{13}")

_LABELS = (
    errors.BillNumberLength,
    errors.MobileNumberLength,
    errors.StoreLabelLength,
    errors.TerminalLabelLength,
    errors.PurposeLength,
)


def at_most(limit: int, text: str | None, error: type[errors.KhqrError]) -> None:
    """Raise the error for text over the limit; None passes."""
    if text is not None and units(text) > limit:
        raise error


def filled(text: str | None, error: type[errors.KhqrError]) -> str:
    """Return text that says something; raise the error for None, empty and blank."""
    if text is None or not text.strip():
        raise error
    return text


def account(text: str | None) -> None:
    """Check a Bakong account id: one @ with text on both sides, no spaces."""
    if not text:
        raise errors.AccountMissing
    at_most(32, text, errors.AccountLength)
    if not _ACCOUNT.fullmatch(text):
        raise errors.AccountInvalid


def category(text: str) -> None:
    """Check a merchant category code: exactly four ASCII digits."""
    at_most(4, text, errors.CategoryLength)
    if not _CATEGORY.fullmatch(text):
        raise errors.CategoryInvalid


def merchant_name(text: str | None) -> None:
    """Check the name the payer sees."""
    at_most(25, filled(text, errors.NameMissing), errors.NameLength)


def merchant_city(text: str | None) -> None:
    """Check the city the payer sees."""
    at_most(15, filled(text, errors.CityMissing), errors.CityLength)


def labels(*texts: str | None) -> None:
    """Check the five labels of tag 62: bill, mobile, store, terminal, purpose."""
    for text, error in zip(texts, _LABELS, strict=True):
        if text == "":
            raise error
        at_most(25, text, error)


def language(preference: str | None, name: str | None, city: str | None) -> None:
    """Check tag 64: a preference and a name need each other."""
    if preference is not None or name is not None:
        filled(preference, errors.LanguageMissing)
        filled(name, errors.NameInLanguageMissing)
    at_most(2, preference, errors.LanguageLength)
    at_most(25, name, errors.NameInLanguageLength)
    if city == "":
        raise errors.CityInLanguageLength
    at_most(15, city, errors.CityInLanguageLength)


def is_milliseconds(text: str) -> bool:
    """Tell whether the text is a Unix time as tag 99 has it: 13 ASCII digits."""
    return _MILLISECONDS.fullmatch(text) is not None


def expiry(expires: str | None, created: str | None) -> None:
    """Check the two times of tag 99; a creation that is no time is not compared."""
    if not expires:
        raise errors.ExpiryMissing
    if not is_milliseconds(expires):
        raise errors.ExpiryLength
    if created is not None and is_milliseconds(created) and expires < created:
        raise errors.ExpiryBeforeCreation
