"""Every switch of the practice bank: what it is called, what it takes, what it does in a line.

What a switch does stands in `wire.py` (refusals), `bakong.py`, `answers.py` and `payway/` (the
APIs' own), and `delivery.py`. Those that begin with `callback_` are for what the bank sends.
"""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from pos.errors import BadInput

LONGEST_SECONDS = 60.0
"""No switch keeps a caller waiting longer than this."""


def _bad(wanted: str) -> NoReturn:
    raise BadInput(f"takes {wanted}")


def _flag(value: object) -> object:
    return True if value is True else _bad("true or false")


def _number(low: float, high: float, default: float) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value is True:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            _bad(f"a number from {low:g} to {high:g}")
        return value if low <= value <= high else _bad(f"a number from {low:g} to {high:g}")

    return read


def _whole(low: int, high: int, default: int | None = None) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value is True and default is not None:
            return default
        if type(value) is not int or not low <= value <= high:
            _bad(f"a whole number from {low} to {high}")
        return value

    return read


def _text(value: object) -> object:
    return value if isinstance(value, str) else _bad("a text")


def _charset(value: object) -> object:
    try:
        return codecs.lookup(str(_text(value))).name
    except LookupError:
        _bad("the name of a character set")


def _fields(value: object) -> object:
    return value if isinstance(value, dict) else _bad("an object of fields and values")


def _names(value: object) -> object:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    _bad("a list of field names")


def _one_of(*words: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        return value if value in words else _bad(f"one of: {', '.join(words)}")

    return read


@dataclass(frozen=True, slots=True)
class Switch:
    """A way to misbehave: how its value is read, and what it does, in a line."""

    read: Callable[[object], object]
    does: str


SWITCHES: dict[str, Switch] = {
    # Refusals: nothing is looked up.
    "geo_403": Switch(_flag, "403 as HTML, as for callers outside Cambodia"),
    "agent_403": Switch(_flag, "403 as HTML for a call without a User-Agent"),
    "redirect": Switch(_text, "302 to this address"),
    "status": Switch(_whole(400, 599), "this HTTP status with an HTML body"),
    "retry_after": Switch(_whole(0, 86400), "a Retry-After of so many seconds beside `status`"),
    "body": Switch(_text, "200 and exactly this text as JSON"),
    # The Bakong API's own refusals.
    "md5_list_403": Switch(_flag, "403 as HTML for md5 lists; always on in production mode"),
    "token_expired": Switch(_flag, "401 and errorCode 6 for every token, new ones too"),
    "unauthorised_200": Switch(_flag, "errorCode 6 in a 200"),
    "daily_limit": Switch(_whole(0, 1_000_000), "errorCode 17 after N calls of a token a day"),
    "error_code": Switch(_whole(1, 99), "this errorCode in a 200; 1 hides a payment"),
    # PayWay's own refusals and ways.
    "payway_code": Switch(_text, "this code as a refusal; 6 hides a payment"),
    "strict_time": Switch(_number(1, 1e9, 3600.0), "code 21 for a req_time so far from now"),
    "lag": Switch(_number(0, 1e9, 5.0), "code 6 for a bill that is younger"),
    "duplicates_accepted": Switch(_flag, "a second bill with a used tran_id"),
    "close_keeps_pending": Switch(_flag, "a closed bill stays PENDING"),
    "payment_status": Switch(_text, "this word as payment_status, whatever is true"),
    "checkout_page": Switch(_flag, "200 and an HTML page"),
    "always_200": Switch(_flag, "refusals under HTTP 200, as documented"),
    "codes": Switch(_one_of("text", "number"), "every status code of that kind"),
    "success_code": Switch(_text, "this code on success"),
    "other_case": Switch(_flag, "qr_string where qrString is usual, and the reverse"),
    "status_in_data": Switch(_flag, "the status inside data"),
    "flat_data": Switch(_flag, "the fields of data beside the status"),
    # What PayWay's callbacks suffer.
    "callback_never": Switch(_flag, "no callback"),
    "callback_delay": Switch(_number(0, LONGEST_SECONDS, 5.0), "so many seconds late"),
    "callback_copies": Switch(_whole(1, 100, 2), "so many at the same time"),
    "callback_style": Switch(_one_of("payway", "seed", "both", "unsigned"), "signed that way"),
    "callback_full": Switch(_flag, "all fields of the newest guides, numbers among them"),
    "callback_set": Switch(_fields, "these fields set so, then signed"),
    "callback_tampered": Switch(_flag, "the status changed after it was signed"),
    "callback_shuffled": Switch(_flag, "its keys in another order after it was signed"),
    "callback_wrong_key": Switch(_flag, "signed with another key"),
    # The answer is true, but its data is not as documented.
    "status_body": Switch(_whole(400, 599), "the true answer under this HTTP status"),
    "null_data": Switch(_flag, "responseCode 0 without data"),
    "no_error_code": Switch(_flag, "no errorCode key on success"),
    "no_hash": Switch(_flag, "data without its hash"),
    "without": Switch(_names, "data without these fields"),
    "set": Switch(_fields, "data with these fields set so"),
    "extra_fields": Switch(_flag, "fields that no document has"),
    "amount_text": Switch(_flag, "the amount as a text"),
    "wrong_amount": Switch(_flag, "an amount that is 1 too much"),
    "wrong_currency": Switch(_flag, "the other currency"),
    "wrong_account": Switch(_flag, "another receiving account"),
    "older_time": Switch(_number(-1e9, 1e9, 86400.0), "times so many seconds too early"),
    "ms_float": Switch(_flag, "times with a fraction"),
    "tracking_status": Switch(_text, "this word as trackingStatus"),
    # The answer is not good JSON.
    "nan_amount": Switch(_flag, "NaN as the amount"),
    "big_amount": Switch(_flag, "1e400 as the amount"),
    "duplicate_keys": Switch(_flag, "responseCode twice, the second one 0"),
    "charset": Switch(_charset, "the JSON in this character set"),
    # How it leaves.
    "truncated": Switch(_flag, "half of the JSON, as if it were all"),
    "cut": Switch(_flag, "half of the body, then the connection ends"),
    "close_delimited": Switch(_flag, "half of the body without its length, then the end"),
    "huge_body": Switch(_whole(1, 200_000_000, 50_000_000), "padded to so many bytes"),
    "gzip_bomb": Switch(_whole(1, 200_000_000, 50_000_000), "the same, compressed"),
    "trickle": Switch(_number(0.001, 5, 0.25), "a byte, then so many seconds' pause"),
    "delay": Switch(_number(0, LONGEST_SECONDS, 5.0), "so many seconds before the headers"),
    "hang": Switch(_number(0, LONGEST_SECONDS, LONGEST_SECONDS), "so long silence, then `drop`"),
    "drop": Switch(_flag, "the connection ends without an answer; the deed is done"),
    "reset": Switch(_flag, "the same with a TCP reset; beside `cut`, after half of the body"),
}
