"""What can be wrong with a KHQR: a class for each official code, and a few it never had.

    KhqrError
     |- Missing          a field that must be there is absent or empty
     |- WrongLength      a field is longer, or shorter, than the standard allows
     |- Invalid          a field holds what it cannot mean
     |   `- PayloadFormatInvalid a version of the format we do not know
     |- Malformed        the text as a whole cannot be read or written as KHQR
     |   |- TooLarge             more text than any QR can hold
     |   |- NotTlv               four digits of tag and length were expected
     |   |- TruncatedTlv         a value ends before its length says
     |   |- DuplicateTag         a known tag stands twice, or 29 beside 30
     |   |- TemplateTooLong      a value over 99 has no two-digit length
     |   `- ControlCharacter     text that no phone can show
     `- Unavailable      the deep link or its service, not the code

Numbered messages are word for word the official ones, so that they can be looked up.
Source: NBC npm `bakong-khqr` 1.0.20, its table of error codes.
"""

from typing import ClassVar

from pos.errors import PosError


class KhqrError(PosError):
    """A KHQR that cannot be written, read or paid; `code` is the official number, else 0."""

    code: ClassVar[int] = 0
    message: ClassVar[str] = "KHQR is not valid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message}: {self.detail}" if self.detail else self.message


class Missing(KhqrError):
    """A field that must be there is absent or empty."""


class WrongLength(KhqrError):
    """A field is longer, or shorter, than the standard allows."""


class Invalid(KhqrError):
    """A field holds what it cannot mean."""


class Malformed(KhqrError):
    """The text as a whole cannot be read, or written, as KHQR."""


class Unavailable(KhqrError):
    """The deep link or its service cannot be used; the code itself may be good."""


class TooLarge(Malformed):
    """More text than any QR symbol can hold; nothing of it was read."""

    message = "KHQR is too large"


class NotTlv(Malformed):
    """Two digits of tag and two of length were expected, ASCII digits only."""

    message = "KHQR tag or length is not a number"


class TruncatedTlv(Malformed):
    """A value ends before its length says."""

    message = "KHQR value is shorter than its length"


class DuplicateTag(Malformed):
    """A known tag stands twice, or 29 beside 30: which one counts is anybody's guess."""

    message = "KHQR tag appears twice"


class TemplateTooLong(Malformed):
    """A value over 99 characters cannot be written: its length has two digits."""

    message = "KHQR template is longer than 99"


class ControlCharacter(Malformed):
    """Text that no phone can show: a control character, or half of an emoji."""

    message = "KHQR text holds a control character"


class PayloadFormatInvalid(Invalid):
    """Tag 00 is not 01, so the rest may follow other rules."""

    message = "Payload format indicator is not 01"


_BY_CODE: dict[int, type[KhqrError]] = {}


def by_code(code: int) -> type[KhqrError]:
    """Return the class of an official code, 1 to 51; KeyError for any other number."""
    return _BY_CODE[code]


def _official(code: int, name: str, kind: type[KhqrError], message: str) -> type[KhqrError]:
    body = {
        "__module__": __name__,
        "__doc__": f"Official code {code}: {message}.",
        "code": code,
        "message": message,
    }
    _BY_CODE[code] = made = type(name, (kind,), body)
    return made


# fmt: off
# ruff: noqa: E501
AccountMissing            = _official( 1, "AccountMissing",            Missing,     "Bakong Account ID cannot be null or empty")
NameMissing               = _official( 2, "NameMissing",               Missing,     "Merchant name cannot be null or empty")
AccountInvalid            = _official( 3, "AccountInvalid",            Invalid,     "Bakong Account ID is invalid")
AmountInvalid             = _official( 4, "AmountInvalid",             Invalid,     "Amount is invalid")
MerchantTypeMissing       = _official( 5, "MerchantTypeMissing",       Missing,     "Merchant type cannot be null or empty")
AccountLength             = _official( 6, "AccountLength",             WrongLength, "Bakong Account ID Length is Invalid")
NameLength                = _official( 7, "NameLength",                WrongLength, "Merchant Name Length is invalid")
KhqrInvalid               = _official( 8, "KhqrInvalid",               Malformed,   "KHQR provided is invalid")
CurrencyMissing           = _official( 9, "CurrencyMissing",           Missing,     "Currency type cannot be null or empty")
BillNumberLength          = _official(10, "BillNumberLength",          WrongLength, "Bill Name Length is invalid")
StoreLabelLength          = _official(11, "StoreLabelLength",          WrongLength, "Store Label Length is invalid")
TerminalLabelLength       = _official(12, "TerminalLabelLength",       WrongLength, "Terminal Label Length is invalid")
ServiceUnreachable        = _official(13, "ServiceUnreachable",        Unavailable, "Cannot reach Bakong Open API service. Please check internet connection")
SourceInfoInvalid         = _official(14, "SourceInfoInvalid",         Unavailable, "Source Info for Deep Link is invalid")
ServiceFailed             = _official(15, "ServiceFailed",             Unavailable, "Internal server error")
PayloadFormatLength       = _official(16, "PayloadFormatLength",       WrongLength, "Payload Format indicator Length is invalid")
PointOfInitiationLength   = _official(17, "PointOfInitiationLength",   WrongLength, "Point of initiation Length is invalid")
CategoryLength            = _official(18, "CategoryLength",            WrongLength, "Merchant code Length is invalid")
CurrencyLength            = _official(19, "CurrencyLength",            WrongLength, "Transaction currency Length is invalid")
CountryLength             = _official(20, "CountryLength",             WrongLength, "Country code Length is invalid")
CityLength                = _official(21, "CityLength",                WrongLength, "Merchant city Length is invalid")
CrcLength                 = _official(22, "CrcLength",                 WrongLength, "CRC Length is invalid")
PayloadFormatMissing      = _official(23, "PayloadFormatMissing",      Missing,     "Payload format indicator tag required")
CrcMissing                = _official(24, "CrcMissing",                Missing,     "CRC tag required")
CategoryMissing           = _official(25, "CategoryMissing",           Missing,     "Merchant category tag required")
CountryMissing            = _official(26, "CountryMissing",            Missing,     "Country Code cannot be null or empty")
CityMissing               = _official(27, "CityMissing",               Missing,     "Merchant City cannot be null or empty")
CurrencyUnsupported       = _official(28, "CurrencyUnsupported",       Invalid,     "Unsupported currency")
DeepLinkInvalid           = _official(29, "DeepLinkInvalid",           Unavailable, "Deep Link URL is not valid")
MerchantIdMissing         = _official(30, "MerchantIdMissing",         Missing,     "Merchant ID cannot be null or empty")
AcquiringBankMissing      = _official(31, "AcquiringBankMissing",      Missing,     "Acquiring Bank cannot be null or empty")
MerchantIdLength          = _official(32, "MerchantIdLength",          WrongLength, "Merchant ID Length is invalid")
AcquiringBankLength       = _official(33, "AcquiringBankLength",       WrongLength, "Acquiring Bank Length is invalid")
MobileNumberLength        = _official(34, "MobileNumberLength",        WrongLength, "Mobile Number Length is invalid")
AccountInformationLength  = _official(35, "AccountInformationLength",  WrongLength, "Account Information Length is invalid")
TagOutOfOrder             = _official(36, "TagOutOfOrder",             Malformed,   "Tag is not in order")
LanguageMissing           = _official(37, "LanguageMissing",           Missing,     "Language Preference cannot be null or empty")
LanguageLength            = _official(38, "LanguageLength",            WrongLength, "Language Preference Length is invalid")
NameInLanguageMissing     = _official(39, "NameInLanguageMissing",     Missing,     "Merchant Name Alternate Language cannot be null or empty")
NameInLanguageLength      = _official(40, "NameInLanguageLength",      WrongLength, "Merchant Name Alternate Language Length is invalid")
CityInLanguageLength      = _official(41, "CityInLanguageLength",      WrongLength, "Merchant City Alternate Language Length is invalid")
PurposeLength             = _official(42, "PurposeLength",             WrongLength, "Purpose of Transaction Length is invalid")
UnionPayLength            = _official(43, "UnionPayLength",            WrongLength, "Upi Account Information Length is invalid")
UnionPayCurrency          = _official(44, "UnionPayCurrency",          Invalid,     "Upi Account Information Length does not accept USD")
ExpiryMissing             = _official(45, "ExpiryMissing",             Missing,     "Expiration timestamp is required for dynamic KHQR")
KhqrExpired               = _official(46, "KhqrExpired",               Invalid,     "This dynamic KHQR has expired")
AmountMissing             = _official(47, "AmountMissing",             Missing,     "This dynamic KHQR has invalid field transaction amount")
PointOfInitiationInvalid  = _official(48, "PointOfInitiationInvalid",  Invalid,     "Point of Initiation Method is invalid")
ExpiryLength              = _official(49, "ExpiryLength",              WrongLength, "Expiration timestamp length is invalid")
ExpiryBeforeCreation      = _official(50, "ExpiryBeforeCreation",      Invalid,     "Expiration timestamp is in the past")
CategoryInvalid           = _official(51, "CategoryInvalid",           Invalid,     "Invalid merchant category code")
# fmt: on
