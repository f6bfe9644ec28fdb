"""The list of shifts, newest first, a page at a time, with what each has taken.

Of a closed shift its Z is told, as written; only what is unclosed is summed from the rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from pos.extensions import db
from pos.models import Shift, Till, ZReport
from pos.reports.closing import cash_part, day, shift_figures
from pos.reports.closing.day_view import ZSums
from pos.reports.closing.drawer import CashTotal
from pos.reports.closing.shift_figures import TenderTotal
from pos.states import UNCLOSED
from pos.words import _

AT_ONCE = 30
"""How many shifts a page has."""

Judge = Callable[[Shift], bool]
"""What the services say about a shift and whoever looks."""


@dataclass(frozen=True, kw_only=True)
class ShiftLine:
    """One shift in the list."""

    id: int
    till_name: str
    cashier_name: str
    opened_at: datetime
    closed_at: datetime | None
    status: str
    z_number: int | None
    paid: tuple[str, ...]
    can_close: bool
    close_problem: str


@dataclass(frozen=True, kw_only=True)
class ShiftPage:
    """Some shifts of the list; `older` is where the next page goes on, None at the end."""

    lines: tuple[ShiftLine, ...]
    is_first: bool
    older: int | None


def gather(
    store_id: int,
    *,
    cashier_id: int | None,
    before: int | None,
    is_blind: Judge,
    may_close: Judge,
) -> ShiftPage:
    """Return the store's shifts that are older than one, or the newest; of one cashier, if named.

    Of a shift that `is_blind` says yes to the cash is not told.
    """
    query = (
        select(Shift)
        .join(Shift.till)
        .where(Till.store_id == store_id)
        .options(contains_eager(Shift.till), joinedload(Shift.cashier))
        .order_by(Shift.id.desc())
        .limit(AT_ONCE + 1)
    )
    if cashier_id is not None:
        query = query.where(Shift.cashier_id == cashier_id)
    if before is not None:
        query = query.where(Shift.id < before)
    found = db.session.scalars(query).all()
    some = found[:AT_ONCE]
    return ShiftPage(
        lines=_lines(some, is_blind, may_close),
        is_first=before is None,
        older=some[-1].id if len(found) > AT_ONCE else None,
    )


def _lines(some: Sequence[Shift], is_blind: Judge, may_close: Judge) -> tuple[ShiftLine, ...]:
    told = _reports(some)
    unclosed = [shift for shift in some if shift.id not in told]
    khqr = shift_figures.totals([shift.id for shift in unclosed])
    cash = cash_part.totals_of([shift.id for shift in unclosed if not is_blind(shift)])

    def paid(shift_id: int) -> tuple[str, ...]:
        if z := told.get(shift_id):
            return _paid(z.totals, z.cash.totals if z.cash else ())
        return _paid(khqr.get(shift_id, ()), cash.get(shift_id, ()))

    return tuple(
        ShiftLine(
            id=shift.id,
            till_name=shift.till_name,
            cashier_name=shift.cashier_name,
            opened_at=shift.opened_at,
            closed_at=shift.closed_at,
            status=str(shift.status),
            z_number=told[shift.id].number if shift.id in told else None,
            paid=paid(shift.id),
            can_close=may_close(shift),
            close_problem=shift.close_problem,
        )
        for shift in some
    )


def _reports(some: Sequence[Shift]) -> dict[int, ZSums]:
    """Read what the Z of each closed shift says: that is less work than to sum its rows."""
    ids = [shift.id for shift in some if shift.status not in UNCLOSED]
    query = select(ZReport.shift_id, ZReport.body).where(ZReport.shift_id.in_(ids))
    return {shift_id: day.sums_of(body) for shift_id, body in db.session.execute(query)}


def _paid(khqr: Iterable[TenderTotal], cash: Iterable[CashTotal]) -> tuple[str, ...]:
    return (
        *(str(one.amount) for one in khqr),
        *(_("%(amount)s cash", amount=one.amount) for one in cash),
    )
