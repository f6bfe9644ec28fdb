"""Counting a drawer at the end of a shift: selling stops, one count or two, then the close."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from pos import clock
from pos.cash import Cash
from pos.database import writing
from pos.errors import BadAmount, BadInput, Refused, ShiftClosed
from pos.extensions import db
from pos.models import CashCount, Payment, Shift, Till, ZReport
from pos.money import Money
from pos.reports.closing import cash_part, corrections, drawer
from pos.reports.wording import OVER_REASON
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.bookkeeping.pieces import Counted
from pos.services.selling import tip_asks
from pos.services.settling import payments
from pos.services.shop import limits
from pos.services.shop.limits import Limits
from pos.states import UNVERIFIED, ShiftStatus
from pos.words import _

_OF_KEY = select(CashCount).where(CashCount.key == bindparam("form_key"))

MOST_COUNTS = 2
MOST_NOTE = 200
MOST_WAIT = timedelta(seconds=10)
"""How long a close asks the bank about QRs whose last word is out."""


def check_waiting(shift: Shift, *, who: str) -> None:
    """Ask the bank about each QR of a till whose last word is out, within ten seconds in all.

    What then is still unknown stands on the report as unverified. No transaction is open.
    """
    # By their status, which few have, and not by the till, which may have a million.
    given_up = select(Payment.id).where(
        Payment.till_id + 0 == shift.till_id, Payment.status.in_(UNVERIFIED)
    )
    ids, until = db.session.scalars(given_up.order_by(Payment.id)).all(), clock.now() + MOST_WAIT
    for payment_id in ids:
        if clock.now() >= until:
            return
        questions.ask(payment_id, who=who, by_person=True)


def begin(shift_id: int, *, by_id: int | None = None) -> None:
    """Stop selling and let the drawer be counted; a shift that is counted already stays so.

    A question about a tip is dropped: nothing was charged yet.
    Refused while a QR waits, or cash lies in the drawer for a sale that nothing has ended.
    """
    with writing(db.session):
        shift = shifts.take(shift_id)
        if shift.status is ShiftStatus.COUNTING:
            return
        _refuse_closed(shift)
        shifts.refuse_waiting(shift, by_id or shift.cashier_id)
        tip_asks.drop(shift.id)
        parts = cash_part.held(shift.id)
        if parts:
            raise Refused(
                _(
                    "Sale %(sale)s is paid in part. Take the rest, or give the cash back, before"
                    " the drawer is counted.",
                    sale=parts[0].sale_number,
                )
            )
        _become(shift, ShiftStatus.COUNTING)


def resume(shift_id: int) -> None:
    """Go on selling, as long as nothing was counted yet; Refused afterwards."""
    with writing(db.session):
        shift = shifts.take(shift_id)
        _refuse_closed(shift)
        if drawer.counts(shift.id):
            raise Refused(_("The drawer was counted. Close this shift and open a new one."))
        if shift.status is ShiftStatus.COUNTING:
            _become(shift, ShiftStatus.OPEN)


def _become(shift: Shift, status: ShiftStatus) -> None:
    shift.status, shift.version = status, shift.version + 1
    payments.bump_screens(shift.till_id)


def _refuse_closed(shift: Shift) -> None:
    if shift.status not in (ShiftStatus.OPEN, ShiftStatus.COUNTING):
        raise ShiftClosed(_("This shift is already closed."))


def submit(shift_id: int, counted: Counted, key: str, *, counted_by_id: int) -> ZReport | None:
    """Keep a count and close the shift with it; None where the count is too far off for that.

    After a first count that is off the drawer is counted once more; both are kept. After the
    second a manager decides: `close_off`. The same key again counts nothing twice.
    """
    with writing(db.session):
        shift = shifts.take(shift_id)
        refuse_too_much(counted.cash, limits.of(shift.till.store))
        known = db.session.scalar(_OF_KEY, {"form_key": key})
        if known is not None and known.shift_id != shift.id:
            raise Refused(_("This form was used before. Reload the page and try again."))
        if known is not None:
            return None
        _refuse_not_counting(shift)
        before = drawer.counts(shift.id)
        if len(before) >= MOST_COUNTS:
            raise Refused(_("The drawer was counted twice. A manager decides now."))
        db.session.add(_row(shift, counted, key, counted_by_id, len(before) + 1))
        db.session.flush()
        if is_off(shift):
            payments.bump_screens(shift.till_id)
            return None
        return shifts.end(shift, ShiftStatus.CLOSED, counted_by_id)


def refuse_too_much(cash: Cash, allowed: Limits) -> None:
    """Raise BadAmount for more cash than any drawer of the store holds."""
    if any(one.minor > allowed.largest(one.currency).minor * 10 for one in cash.both):
        raise BadAmount(_("That is more than a drawer holds. Look at the pieces again."))


def _refuse_not_counting(shift: Shift) -> None:
    _refuse_closed(shift)
    if shift.status is not ShiftStatus.COUNTING:
        raise Refused(_("Selling goes on at this till. Stop it first, then count."))


def _row(shift: Shift, counted: Counted, key: str, counted_by_id: int, number: int) -> CashCount:
    books, cash = drawer.expected(shift), counted.cash
    return CashCount(
        shift_id=shift.id,
        number=number,
        key=key,
        usd_minor=cash.usd,
        khr_minor=cash.khr,
        expected_usd_minor=books.usd,
        expected_khr_minor=books.khr,
        notes=counted.notes,
        is_blind=limits.of(shift.till.store).blind_count,
        counted_by_id=counted_by_id,
        at=clock.now(),
    )


def is_off(shift: Shift) -> bool:
    """Return whether the last count is further from the books than is passed over."""
    counts = drawer.counts(shift.id)
    return bool(counts) and is_above(counts[-1].over, limits.of(shift.till.store))


def is_above(over: Cash, allowed: Limits) -> bool:
    """Return whether a difference, over or short, calls for a reason and a manager."""
    return abs(over.usd) > allowed.over_short_usd * 100 or abs(over.khr) > allowed.over_short_khr


@dataclass(frozen=True, kw_only=True)
class Off:
    """Why a count may be off, and the manager who agreed with a PIN."""

    reason: str
    note: str
    approved_by_id: int


def refuse_bad(reason: str, note: str) -> None:
    """Raise BadInput for a reason that is not listed, or a note that says too much or nothing."""
    if reason not in OVER_REASON:
        raise BadInput(_("Choose a reason."))
    if reason == "other" and not note.strip():
        raise BadInput(_("Write the reason down."))
    if len(note) > MOST_NOTE or not note.isprintable():
        raise BadInput(_("A note is one line of %(most)s characters at most.", most=MOST_NOTE))


def close_off(shift_id: int, off: Off, *, closed_by_id: int) -> ZReport:
    """Close a shift whose second count was off, with a reason and the manager who agreed."""
    refuse_bad(off.reason, off.note)
    with writing(db.session):
        shift = shifts.take(shift_id)
        _refuse_not_counting(shift)
        if len(drawer.counts(shift.id)) < MOST_COUNTS:
            raise Refused(_("Count the drawer once more first."))
        shift.over_reason, shift.over_note = off.reason, off.note.strip()
        shift.over_approved_by_id = off.approved_by_id
        return shifts.end(shift, ShiftStatus.CLOSED, closed_by_id)


def last_counted(till_id: int) -> tuple[Money, Money] | None:
    """Return what was last counted in a till's drawer, dollars then riel; None if never.

    What was counted after the close of its last shift is newer than any count at a close.
    """
    closed = select(Shift).where(Shift.till_id == till_id, Shift.closed_at.is_not(None))
    last = db.session.scalar(closed.order_by(Shift.id.desc()).limit(1))
    if last is not None and (counted := corrections.last_counted(last)) is not None:
        return counted
    query = (
        select(CashCount)
        .join(Shift, Shift.id == CashCount.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .where(Till.id == till_id)
        .order_by(CashCount.id.desc())
        .limit(1)
    )
    row = db.session.scalar(query)
    return row.cash.both if row is not None else None
