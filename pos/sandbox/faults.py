"""The switches that are on, and whom they meet. The table of them all is `switches.py`.

A program turns them on with `POST /sandbox/faults`: a JSON object of switch names and values,
and beside them, if wanted, `"calls": n` (only the next n calls) and `"path": "/v1/..."` (only
that path, or everything under it). `false` or `null` turns one off, `DELETE` all of them.
Several can be on at once: the first of the refusals wins, the others add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from pos.errors import BadInput
from pos.sandbox.switches import SWITCHES

Taken = Mapping[str, Any]
"""The switches that are on for one call, by name."""

CALLBACK = "callback_"
"""So begin the switches for what the bank sends, not for what it is asked."""


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

    def take(self, path: str, *, sent: bool = False) -> dict[str, Any]:
        """Return the switches that this call meets, and count the call for them.

        `sent`: a call of the bank's own, which meets the others than what it is asked.
        """
        with self._lock:
            of_this_kind = (one for one in self._on if one.name.startswith(CALLBACK) is sent)
            met = [fault for fault in of_this_kind if fault.concerns(path)]
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
