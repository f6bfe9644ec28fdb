"""The words in which a gateway's answers are told to the rest of the shop."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a check says about money. UNKNOWN is "could not ask", never "not paid"."""

    PAID = "paid"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why an answer is UNKNOWN, in the words the screens need."""

    UNREACHABLE = "unreachable"
    UNPROVEN = "unproven"
    """Its TLS certificate does not prove who it is; nothing was sent."""
    SILENT = "silent"
    GARBLED = "garbled"
    UNAUTHORISED = "unauthorised"
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    QUOTA = "quota"
    DOWN = "down"
    OTHER = "other"


class AccountStatus(StrEnum):
    """What an acquirer says of a receiving account."""

    EXISTS = "exists"
    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


class Done(StrEnum):
    """What became of a deed, such as a refund. UNKNOWN may have happened; look before again."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
