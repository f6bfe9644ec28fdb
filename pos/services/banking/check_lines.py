"""What a look at an account puts before the operator: one line a thing. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at, and what to do about it."""

    state: State
    text: str
    to_do: str = ""
