"""The cheap look that answers most polls: has anything changed since this screen was drawn?

One query on indexes, no objects, no login machinery: a poll is the most frequent thing that
this program does. It is put to the driver as it was once written; see `prepared.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Dialect

from pos import clock
from pos.database import READS
from pos.extensions import db, settings
from pos.reports.counter import glance_rows, phases
from pos.reports.prepared import Prepared
from pos.states import ShiftStatus

WORKER_SILENT_AFTER = timedelta(seconds=15)

AT_ONCE = 64
"""How many screens one query looks at where many are looked at."""

Query = Callable[[Dialect, int], Prepared]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What decides whether a screen must be drawn anew; `mark` is the poll's `seen`."""

    mark: str
    phase: str
    till_id: int | None
    shift_id: int | None = None
    worker_silent: bool = False
    is_counting: bool = False
    tip_is_over: bool = False
    """The customer's time to choose a tip is over, and the question still open."""
    display_id: int | None = None
    is_due_a_note: bool = False
    receipt_sale_id: int | None = None
    """The sale whose receipt somebody asked for, while a display shows that."""


def at_till(login_hash: str) -> Glance | None:
    """Return the state of the till that this login works at.

    None where the login is over; `till_id` None where its person has no open shift.
    `is_counting`: the shift sells nothing more, its drawer is being counted.
    """
    now = clock.now()
    row = till_rows([login_hash], now).get(login_hash)
    return None if row is None else of_till(row, now)


def till_rows(logins: Sequence[str], now: datetime) -> dict[str, Any]:
    """Return, by the hash of each login in force, what is read of its till; see `of_till`."""
    return _rows(glance_rows.at_till, logins, now=now, awake=awake_since(now))


def of_till(row: Any, now: datetime) -> Glance:
    """Return the state of a till by its row, and by the time."""
    phase = _till_phase(row, now)
    silent = row.ticked_at is None or now - row.ticked_at > WORKER_SILENT_AFTER
    return Glance(
        mark=_till_mark(row, phase, silent),
        phase=phase,
        till_id=row.till_id,
        shift_id=row.shift_id,
        worker_silent=silent,
        is_counting=row.shift_status == ShiftStatus.COUNTING,
        tip_is_over=_tip_is_over(row, phase, now),
    )


def awake_since(now: datetime) -> datetime:
    """Return since when an enrolled till must have been touched, or its login is over."""
    minutes = settings().lock_minutes
    return now - timedelta(minutes=minutes) if minutes else _LONG_AGO


def _till_mark(row: Any, phase: str, silent: bool) -> str:
    """Name all that the till's panel shows; the last question to the bank is part of it."""
    asked = clock.epoch_ms(row.asked_at) if row.asked_at else 0
    worker = "silent" if silent else "ok"
    return f"{row.till_id}-{row.screen_version}-{phase}-{asked}-{worker}"


def at_display(
    token_hash: str, note_every: timedelta, *, with_receipts: bool = False
) -> Glance | None:
    """Return the state of the display that holds this token, or None once it was taken back.

    `is_due_a_note` says that its last sign of life is older than `note_every`, or that its
    pairing code has ended. `with_receipts`: a receipt's QR is shown after a result.
    """
    now = clock.now()
    row = display_rows([token_hash]).get(token_hash)
    if row is None:
        return None
    return of_display(row, now, note_every, with_receipts=with_receipts)


def display_rows(tokens: Sequence[str]) -> dict[str, Any]:
    """Return, by the hash of each token in force, what is read of its display."""
    return _rows(glance_rows.at_display, tokens)


def of_display(
    row: Any, now: datetime, note_every: timedelta, *, with_receipts: bool = False
) -> Glance:
    """Return the state of a display by its row, and by the time; see `at_display`."""
    code_over = row.pairing_code is not None and row.code_expires_at <= now
    if row.till_id is None:
        phase = "pairing" if row.wanted_till_id is None else "confirming"
        mark = f"{phase}-{row.pairing_code}"
    else:
        phase = _display_phase(row, now, with_receipts=with_receipts)
        mark = f"{row.till_id}-{row.screen_version}-{phase}"
    is_asked = phase == "receipt_asked"
    return Glance(
        mark=mark,
        phase="receipt" if is_asked else phase,
        till_id=row.till_id,
        shift_id=row.shift_id,
        receipt_sale_id=row.receipt_sale_id if is_asked else None,
        tip_is_over=_tip_is_over(row, phase, now),
        display_id=row.display_id,
        is_due_a_note=code_over or now - row.last_seen_at >= note_every,
    )


def _tip_is_over(row: Any, phase: str, now: datetime) -> bool:
    return phase == phases.TIP and bool(row.tip_ends_at <= now)


def _display_phase(row: Any, now: datetime, *, with_receipts: bool) -> str:
    if (phase := _till_phase(row, now)) == phases.TIP:
        return phase
    changed_at = row.changed_at or _LONG_AGO
    phase = phases.at_display(phase, changed_at, now)
    phase = phases.after_cash(phase, changed_at, row.cash_at, now)
    phase = phases.at_rest(phase, row.shift_status)
    if not with_receipts:
        return phase
    done_at = phases.done_at(row.status, row.remark, changed_at, row.cash_at)
    return phases.with_receipt(phase, done_at, row.receipt_asked_at, now)


def _rows(query: Query, keys: Sequence[str], **values: Any) -> dict[str, Any]:
    """Read one screen by a query of its own, or many by one of `AT_ONCE` screens."""
    engine, many = db.engines[READS], 1 if len(keys) == 1 else AT_ONCE
    names = glance_rows.keys_of(many)
    found: dict[str, Any] = {}
    for begin in range(0, len(keys), many):
        # No proof has the empty text as its hash.
        asked = [*keys[begin : begin + many], *[""] * many]
        proofs = dict(zip(names, asked, strict=False))
        for row in query(engine.dialect, many).all(engine, **proofs, **values):
            found.setdefault(row.key, row)
    return found


def _till_phase(row: Any, now: datetime) -> str:
    if row.tip_ends_at is not None and row.shift_status == ShiftStatus.OPEN:
        return phases.TIP
    if row.status is None:
        return "idle"
    return phases.at_till(
        row.status,
        row.remark,
        row.changed_at,
        row.expires_at,
        is_given_up=row.void_asked_at is not None,
        is_decided=row.is_decided,
        now=now,
    )
