"""When a screen may change by time alone: nobody commits, and yet it shows something else. Pure.

Each instant that a screen's row holds, and what may follow it so much later. One that is named
here and changes nothing costs one more look; one that is missing shows itself too late.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pos.reports.counter import phases
from pos.reports.counter.glance import WORKER_SILENT_AFTER

AT_ONCE = (timedelta(),)

_RESULTS = (
    phases.CANCEL_SHOWN,
    phases.PAID_SHOWN,
    phases.PAID_SHOWN + phases.RECEIPT_SHOWN,
    phases.EXPIRED_SHOWN,
    phases.ASK_SHOWN,
    phases.TILL_KEEPS,
)

Turns = Mapping[str, tuple[timedelta, ...]]
"""By the name of a column: how long after its instant a screen may turn."""

TILL: Turns = {
    "changed_at": _RESULTS,
    "expires_at": AT_ONCE,
    "tip_ends_at": AT_ONCE,
    # Silent is what is older than this, not what is as old.
    "ticked_at": (WORKER_SILENT_AFTER + timedelta(milliseconds=1),),
    "login_ends_at": AT_ONCE,
}

DISPLAY: Turns = {
    "changed_at": _RESULTS,
    "expires_at": AT_ONCE,
    "tip_ends_at": AT_ONCE,
    "cash_at": _RESULTS,
    "receipt_asked_at": (phases.RECEIPT_SHOWN,),
    "code_expires_at": AT_ONCE,
}


def next_turn(row: Any, turns: Turns, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which a screen of this row may change by itself."""
    first = None
    for name, lengths in turns.items():
        begin = getattr(row, name)
        if begin is None:
            continue
        for length in lengths:
            turn = begin + length
            if turn > now and (first is None or turn < first):
                first = turn
    return first
