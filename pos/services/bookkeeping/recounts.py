"""Counting the drawer of a shift that is closed: for the first time, or once more."""

from dataclasses import dataclass

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import Correction, CorrectionKind, Shift, User, ZReport
from pos.reports.closing import corrections as report
from pos.reports.closing.corrections import CountChange, Told
from pos.reports.wording import RECOUNT_REASON
from pos.services.bookkeeping import corrections, counting, shifts
from pos.services.bookkeeping.counting import MOST_NOTE
from pos.services.bookkeeping.pieces import Counted
from pos.services.shop import limits
from pos.services.shop.limits import Limits
from pos.states import ShiftStatus
from pos.words import _

_K = CorrectionKind


@dataclass(frozen=True, kw_only=True)
class Recount:
    """A drawer counted after the close: what lay there, why, and the manager who agreed."""

    counted: Counted
    reason: str
    note: str
    entered_by_id: int
    approved_by_id: int
    key: str


def refuse_unfit(shift: Shift) -> None:
    """Refuse a shift that is not closed: its drawer is counted to close it."""
    if corrections.report_of(shift.id) is None:
        raise Refused(_("This shift is not closed yet. Count its drawer to close it."))


def refuse_bad(counted: Counted, reason: str, note: str, allowed: Limits) -> None:
    """Raise BadInput or BadAmount for a count, reason or note that nobody can mean."""
    counting.refuse_too_much(counted.cash, allowed)
    if reason not in RECOUNT_REASON:
        raise BadInput(_("Choose a reason."))
    if reason == "other" and not note.strip():
        raise BadInput(_("Write the reason down."))
    if len(note) > MOST_NOTE or not note.isprintable():
        raise BadInput(_("A note is one line of %(most)s characters at most.", most=MOST_NOTE))


def count(shift_id: int, wish: Recount) -> Correction:
    """Write that the drawer of a closed shift was counted later, or again; return the record.

    The same key again writes nothing. Refused while the shift is not closed.
    """
    with writing(db.session):
        shift = shifts.take(shift_id)
        refuse_bad(wish.counted, wish.reason, wish.note, limits.of(shift.till.store))
        known = db.session.scalar(
            select(Correction).where(Correction.source == f"count:{wish.key}")
        )
        if known is not None and known.z_report.shift_id != shift.id:
            raise Refused(_("This form was used before. Reload the page and try again."))
        refuse_unfit(shift)
        z = corrections.report_of(shift.id)
        assert z is not None
        return known or corrections.write(
            z, _kind_of(shift), f"count:{wish.key}", _counted(z, wish)
        )


def _kind_of(shift: Shift) -> CorrectionKind:
    """A first count of a drawer that the system closed is late; every other is a recount."""
    was_counted = report.last_counted(shift) is not None
    is_late = shift.status is ShiftStatus.AUTO_CLOSED and not was_counted
    return _K.LATE_COUNT if is_late else _K.RECOUNT


def _counted(z: ZReport, wish: Recount) -> Told:
    before = report.last_counted(z.shift) or (None, None)
    changes = tuple(
        CountChange(
            currency=now.currency, expected=should, before=then, counted=now, over=now - should
        )
        for now, should, then in zip(
            wish.counted.cash.both, report.expected(z), before, strict=True
        )
    )
    return Told(
        at=clock.now(),
        counts=changes,
        notes=wish.counted.notes,
        reason_text=RECOUNT_REASON[wish.reason],
        note=wish.note.strip(),
        entered_by=_name(wish.entered_by_id),
        approved_by=_name(wish.approved_by_id),
    )


def _name(user_id: int) -> str:
    return db.session.get_one(User, user_id).display_name
