"""The switches that make the practice bank misbehave: one table, `SWITCHES`.

A program turns them on with `POST /sandbox/faults`: a JSON object of switch names and values,
and beside them, if wanted, `"calls": n` (only the next n calls) and `"path": "/v1/..."` (only
that path, or everything under it). `false` or `null` turns one off, `DELETE` all of them.
Several can be on at once: the first of the refusals wins, the others add up.

Here is only what a switch is called and what it takes. What it does stands in `wire.py`
(refusals), `bakong.py` and `answers.py` (the Bakong API's own), and `delivery.py`.
"""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, NoReturn

from pos.errors import BadInput

LONGEST_SECONDS = 60.0
"""No switch keeps a caller waiting longer than this."""

Taken = Mapping[str, Any]
"""The switches that are on for one call, by name."""


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


@dataclass(slots=True)
class Fault:
    """A switch that is on; `calls_left` and `path` are None for every call and path."""

    name: str
    value: object
    path: str | None
    calls_left: int | None

    def concerns(self, path: str) -> bool:
        """Tell whether a call of this path meets the fault."""
        return self.path is None or path == self.path or path.startswith(f"{self.path}/")

    def as_json(self) -> dict[str, Any]:
        """Return the fault as the control API tells it."""
        return {
            "name": self.name,
            "value": self.value,
            "path": self.path,
            "calls_left": self.calls_left,
        }


class Faults:
    """The switches that are on. `always` holds those that belong to the bank's mode."""

    def __init__(self, *, always: Mapping[str, bool]) -> None:
        self._always = [Fault(name, True, None, None) for name, on in always.items() if on]
        self._on = list(self._always)
        self._lock = Lock()

    def set(self, wishes: Mapping[str, object]) -> None:
        """Turn switches on and off; BadInput, and nothing changed, if one cannot be read."""
        path, calls = _scope(wishes)
        named = {name: value for name, value in wishes.items() if name not in ("path", "calls")}
        wanted = [
            Fault(name, value, path, calls)
            for name, value in ((name, _value(name, wish)) for name, wish in named.items())
            if value is not None
        ]
        with self._lock:
            kept = [fault for fault in self._on if fault.name not in named or fault.path != path]
            self._on = kept + wanted

    def clear(self) -> None:
        """Turn everything off that does not belong to the mode."""
        with self._lock:
            self._on = list(self._always)

    def all(self) -> list[Fault]:
        """Return what is on."""
        with self._lock:
            return list(self._on)

    def take(self, path: str) -> dict[str, Any]:
        """Return the switches that this call meets, and count the call for them."""
        with self._lock:
            met = [fault for fault in self._on if fault.concerns(path)]
            for fault in met:
                if fault.calls_left is not None:
                    fault.calls_left -= 1
            self._on = [fault for fault in self._on if fault.calls_left != 0]
            return {fault.name: fault.value for fault in met}


def _scope(wishes: Mapping[str, object]) -> tuple[str | None, int | None]:
    path, calls = wishes.get("path"), wishes.get("calls")
    if path is not None and not (isinstance(path, str) and path.startswith("/")):
        raise BadInput("path takes a path such as /v1/check_transaction_by_md5.")
    if calls is not None and (type(calls) is not int or calls < 1):
        raise BadInput("calls takes a whole number from 1.")
    return path, calls


def _value(name: str, wish: object) -> object:
    if name not in SWITCHES:
        raise BadInput(f"There is no switch {name[:40]!r}. GET /sandbox/faults lists them.")
    if wish is None or wish is False:
        return None
    try:
        return SWITCHES[name].read(wish)
    except BadInput as error:
        raise BadInput(f"{name} {error.text}.") from None
