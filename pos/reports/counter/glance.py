"""The cheap look that answers most polls: has anything changed since this screen was drawn?

One query on indexes, no objects, no login machinery: a poll is the most frequent thing that
this program does. It is put to the driver as it was once written; see `prepared.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, and_, bindparam, or_, select, text
from sqlalchemy.orm import aliased

from pos import clock
from pos.database import READS
from pos.extensions import db, settings
from pos.models import (
    Display,
    Lease,
    Login,
    Payment,
    Resolution,
    Sale,
    Shift,
    Tender,
    Terminal,
    Till,
    User,
)
from pos.reports.counter import newest, phases
from pos.reports.prepared import Prepared
from pos.states import SaleStatus, ShiftStatus

WORKER_SILENT_AFTER = timedelta(seconds=15)
WORKER = "worker"

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
    row = _first(_at_till, login=login_hash, now=now, awake=awake_since(now))
    if row is None:
        return None
    phase = _till_phase(row, now)
    silent = row.ticked_at is None or now - row.ticked_at > WORKER_SILENT_AFTER
    return Glance(
        mark=_till_mark(row, phase, silent),
        phase=phase,
        till_id=row.till_id,
        shift_id=row.shift_id,
        worker_silent=silent,
        is_counting=row.shift_status == ShiftStatus.COUNTING,
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
    row = _first(_at_display, token=token_hash)
    if row is None:
        return None
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
        display_id=row.display_id,
        is_due_a_note=code_over or now - row.last_seen_at >= note_every,
    )


def _display_phase(row: Any, now: datetime, *, with_receipts: bool) -> str:
    changed_at = row.changed_at or _LONG_AGO
    phase = phases.at_display(_till_phase(row, now), changed_at, now)
    phase = phases.after_cash(phase, changed_at, row.cash_at, now)
    phase = phases.at_rest(phase, row.shift_status)
    if not with_receipts:
        return phase
    done_at = phases.done_at(row.status, row.remark, changed_at, row.cash_at)
    return phases.with_receipt(phase, done_at, row.receipt_asked_at, now)


def _first(prepared: Callable[[Dialect], Prepared], **values: Any) -> Any:
    engine = db.engines[READS]
    return prepared(engine.dialect).first(engine, **values)


def _till_phase(row: Any, now: datetime) -> str:
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


_NEWEST = (
    Payment.status,
    Payment.remark,
    Payment.changed_at,
    Payment.expires_at,
    Sale.void_asked_at,
    select(Resolution.id)
    .where(Resolution.payment_id == Payment.id)
    .correlate(Payment)
    .exists()
    .label("is_decided"),
)


_IS_OPEN = text("shift.closed_at IS NULL")
"""Spelt out, as the partial index is: SQLite finds it by the words."""


_PAID_BY = aliased(Sale)

_CASH_AT = (
    select(Tender.taken_at)
    .join(_PAID_BY, _PAID_BY.id == Tender.sale_id)
    .where(Tender.shift_id == Shift.id, _PAID_BY.status == SaleStatus.PAID)
    .order_by(Tender.id.desc())
    .limit(1)
    .correlate(Shift)
    .scalar_subquery()
    .label("cash_at")
)
"""When cash last settled a sale of the open shift."""


@lru_cache(maxsize=2)
def _at_till(dialect: Dialect) -> Prepared:
    query = (
        select(
            Till.id.label("till_id"),
            Till.screen_version,
            Shift.id.label("shift_id"),
            Shift.status.label("shift_status"),
            Lease.ticked_at,
            Payment.asked_at,
            *_NEWEST,
        )
        .select_from(Login)
        .join(User, User.id == Login.user_id)
        .outerjoin(Terminal, Terminal.id == Login.terminal_id)
        .outerjoin(Shift, and_(Shift.cashier_id == User.id, _IS_OPEN))
        .outerjoin(Till, Till.id == Shift.till_id)
        .outerjoin(Payment, Payment.id == newest.of_till(Till.id))
        .outerjoin(Sale, Sale.id == Payment.sale_id)
        .outerjoin(Lease, Lease.name == WORKER)
        .where(
            Login.token_hash == bindparam("login"),
            Login.ended_at.is_(None),
            Login.expires_at > bindparam("now", type_=Login.expires_at.type),
            User.is_active,
            or_(
                Login.terminal_id.is_(None),
                and_(
                    Terminal.revoked_at.is_(None),
                    Login.seen_at > bindparam("awake", type_=Login.seen_at.type),
                ),
            ),
        )
    )
    return Prepared(query, dialect)


@lru_cache(maxsize=2)
def _at_display(dialect: Dialect) -> Prepared:
    query = (
        select(
            Display.id.label("display_id"),
            Display.till_id,
            Display.wanted_till_id,
            Display.pairing_code,
            Display.code_expires_at,
            Display.last_seen_at,
            Till.screen_version,
            Till.receipt_sale_id,
            Till.receipt_asked_at,
            Shift.id.label("shift_id"),
            Shift.status.label("shift_status"),
            _CASH_AT,
            *_NEWEST,
        )
        .select_from(Display)
        .outerjoin(Till, Till.id == Display.till_id)
        .outerjoin(Shift, and_(Shift.till_id == Till.id, _IS_OPEN))
        .outerjoin(Payment, Payment.id == newest.of_till(Till.id))
        .outerjoin(Sale, Sale.id == Payment.sale_id)
        .where(Display.token_hash == bindparam("token"))
    )
    return Prepared(query, dialect)
