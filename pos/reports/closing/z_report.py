"""The shift report: what a Z says, gathered once when the shift closes, then only read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from pos.models import Shift
from pos.reports.closing import last_told, shift_figures
from pos.reports.closing.shift_figures import ShiftView
from pos.states import ShiftStatus


@dataclass(frozen=True, kw_only=True)
class ZView(ShiftView):
    """All of one shift report. What has a default was added later than the first reports."""

    number: int
    closed_at: datetime
    closed_by: str
    is_auto_closed: bool
    last_money_id: int = 0
    last_denial_id: int = 0
    last_decision_id: int = 0
    """The newest of each at the till by then: the next report goes on from there."""


@cache
def _adapter() -> TypeAdapter[ZView]:
    return TypeAdapter(ZView)


def to_json(view: ZView) -> str:
    """Return a report as the text that is stored for good."""
    return _adapter().dump_json(view).decode()


def from_json(body: str) -> ZView:
    """Return a stored report, exactly as it was written."""
    return _adapter().validate_json(body)


def gather(shift: Shift, number: int) -> ZView:
    """Return the report of a shift that has just been closed, under this number."""
    assert shift.closed_at is not None
    # A report before may tell of thousands of payments, so it is read once.
    told = last_told.before(shift)
    return ZView(
        **shift_figures.of_shift(shift, told),
        number=number,
        closed_at=shift.closed_at,
        closed_by=shift.closed_by.display_name if shift.closed_by else "",
        is_auto_closed=shift.status is ShiftStatus.AUTO_CLOSED,
        **vars(last_told.until(shift, told)),
    )
