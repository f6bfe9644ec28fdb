"""The log, and where errors go.

lines       what a line looks like, as text or JSON, and what it is about
redaction   what no line may hold
sentry      errors sent to a Sentry, where the operator has one
"""

from pos.logs.lines import (
    ON_A_LINE,
    about,
    add,
    begin,
    facts,
    facts_of,
    number,
    one_line,
    open_logs,
)

__all__ = [
    "ON_A_LINE",
    "about",
    "add",
    "begin",
    "facts",
    "facts_of",
    "number",
    "one_line",
    "open_logs",
]
