"""Which screen a payment calls for, at the till and at the customer's display. Pure.

A screen is derived from the books and the time, never stored: results clear by themselves.
"""

from datetime import datetime, timedelta

from pos.states import MARKS, PaymentStatus, Remark, ShiftStatus

_P = PaymentStatus

TIP = "tip"
"""The phase of a till whose customer is asked for a tip: there is no payment yet."""

PAID_SHOWN = timedelta(seconds=8)
PAID_LOCKED = timedelta(seconds=5)
"""How long nobody's stray touch takes a result off the screens."""

RECEIPT_SHOWN = timedelta(seconds=15)
"""How long a display shows the QR of a receipt, once the result has cleared."""

CANCEL_SHOWN = timedelta(seconds=5)
EXPIRED_SHOWN = timedelta(seconds=30)
ASK_SHOWN = timedelta(seconds=60)
TILL_KEEPS = timedelta(minutes=10)
"""How long a till keeps a result that offers a next step."""

_AS_USUAL = (None, Remark.LEARNED_LATE, Remark.ACCEPTED)

_LATE = (Remark.PAID_LATE, Remark.PAID_AFTER_CANCEL, Remark.DUPLICATE)

_SIMPLE = {
    _P.CREATING: "creating",
    _P.EXPIRING: "checking",
    _P.CANCEL_REQUESTED: "cancelling",
    _P.MISMATCH: "mismatch",
    _P.CREATE_FAILED: "create_failed",
}


def at_till(
    status: PaymentStatus | None,
    remark: Remark | None,
    changed_at: datetime,
    expires_at: datetime,
    *,
    is_given_up: bool,
    is_decided: bool = False,
    now: datetime,
) -> str:
    """Return the till's phase for its newest payment; None as status means it has none yet.

    `is_decided`: a manager has decided about its money, so it calls for nobody any more.
    """
    if status is None or (is_decided and remark not in _AS_USUAL):
        return "idle"
    if remark is Remark.UNCONFIRMED:
        # Found at night, long after the customer left: a matter for the attention list alone.
        return "idle"
    phase = _phase(status, remark, over=expires_at <= now, is_given_up=is_given_up)
    return "idle" if now - changed_at >= _kept(phase) else phase


def _phase(status: PaymentStatus, remark: Remark | None, *, over: bool, is_given_up: bool) -> str:
    if remark in MARKS:
        return "marked" if remark is Remark.MARKED else "denied"
    if remark not in _AS_USUAL:
        return "late" if remark in _LATE else "mismatch"
    if status is _P.AWAITING:
        return "checking" if over else "waiting"
    if status is _P.FAILED:
        return "cancelled" if is_given_up else "expired" if over else "failed"
    return _SIMPLE.get(status, str(status))


def _kept(phase: str) -> timedelta:
    if phase in ("paid", "marked"):
        return PAID_SHOWN
    if phase == "cancelled":
        return CANCEL_SHOWN
    if phase in ("expired", "create_failed", "mismatch", "late", "denied"):
        return TILL_KEEPS
    return timedelta.max


_AT_DISPLAY = {
    "create_failed": "idle",
    "cancelled": "idle",
    "cancelling": "checking",
    "mismatch": "ask",
    "late": "ask",
    # Nothing is said to the customer that no bank has said.
    "marked": "idle",
    "denied": "idle",
}

_DISPLAY_KEEPS = {"checking": None, "ask": ASK_SHOWN, "expired": EXPIRED_SHOWN}

_AT_REST = {None: "closed", ShiftStatus.OPEN: "idle", ShiftStatus.COUNTING: "paused"}
"""What a display shows between sales, by the shift at its till; None where none is open."""


def at_display(till_phase: str, changed_at: datetime, now: datetime) -> str:
    """Return what the customer's display shows while its till is in a phase."""
    phase = _AT_DISPLAY.get(till_phase, till_phase)
    keeps = CANCEL_SHOWN if till_phase == "cancelling" else _DISPLAY_KEEPS.get(phase)
    return "idle" if keeps is not None and now - changed_at >= keeps else phase


def after_cash(phase: str, changed_at: datetime, cash_at: datetime | None, now: datetime) -> str:
    """Return a display's phase where cash settled a sale at `cash_at`, None for no cash yet.

    What is older than the cash is over, at the display as at the till.
    """
    if cash_at is None or cash_at < changed_at:
        return phase
    return "cash" if now - cash_at < PAID_SHOWN else "idle"


def done_at(
    status: PaymentStatus | None,
    remark: Remark | None,
    changed_at: datetime,
    cash_at: datetime | None,
) -> datetime | None:
    """Return when the newest thing at a till was paid, in cash or not; None if it was not paid."""
    if cash_at is not None and cash_at >= changed_at:
        return cash_at
    return changed_at if status is _P.PAID and remark in _AS_USUAL else None


def with_receipt(
    phase: str, done_at: datetime | None, asked_at: datetime | None, now: datetime
) -> str:
    """Return a display's phase: "receipt" after a result, and "receipt_asked" on a wish.

    `asked_at`: when somebody at the till asked for the QR of a receipt. Whatever is newer, or is
    being paid, goes before.
    """
    if asked_at is not None and phase in ("idle", "paid", "cash"):
        if asked_at >= (done_at or asked_at) and now - asked_at < RECEIPT_SHOWN:
            return "receipt_asked"
    if done_at is None or phase != "idle":
        return phase
    return "receipt" if now - done_at < PAID_SHOWN + RECEIPT_SHOWN else phase


def at_rest(phase: str, shift: str | None) -> str:
    """Return a display's phase, for an idle one what the shift at its till makes of it."""
    return _AT_REST[ShiftStatus(shift) if shift else None] if phase == "idle" else phase
