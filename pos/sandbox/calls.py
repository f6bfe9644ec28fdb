"""What callers asked the bank, and what they were told."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from pos import clock

KEPT = 5000
"""How many calls are remembered."""

BODY_KEPT = 2000
"""How many characters of a call's body are remembered."""

_TOKEN = re.compile(r"(?:Bearer\s+\S+)|(?:eyJ[\w-]*\.[\w.-]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """One call over the wire; `token_known` is None where no token was shown."""

    at: datetime
    method: str
    path: str
    token_known: bool | None
    body: str
    status: int
    error_code: int | str | None
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the call as the control API tells it."""
        return {
            "at": self.at.isoformat(timespec="milliseconds"),
            "at_ms": clock.epoch_ms(self.at),
            "method": self.method,
            "path": self.path,
            "token_known": self.token_known,
            "body": self.body,
            "status": self.status,
            "error_code": self.error_code,
            "faults": list(self.faults),
        }


def without_tokens(text: str) -> str:
    """Return the text cut to what is kept, with anything that looks like a token blotted out."""
    return _TOKEN.sub("[token]", text)[:BODY_KEPT]


class Calls:
    """The last few thousand calls, newest last, and how many each token made today."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._today: tuple[date, Counter[str]] | None = None
        self._lock = Lock()

    def add(self, call: Call) -> None:
        """Remember a call."""
        with self._lock:
            self._calls.append(call)

    def all(self) -> list[Call]:
        """Return what is remembered, newest last."""
        with self._lock:
            return list(self._calls)

    def count_today(self, token_id: str) -> int:
        """Count one more call of this token; return how many it made this Phnom Penh day."""
        day = clock.business_date(clock.now())
        with self._lock:
            if self._today is None or self._today[0] != day:
                self._today = (day, Counter())
            self._today[1][token_id] += 1
            return self._today[1][token_id]
