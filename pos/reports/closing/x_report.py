"""The X report: what a shift comes to so far, by the code that makes its Z.

It has no number and is never stored: the next look may tell something else.
"""

from dataclasses import dataclass

from pos.models import Shift
from pos.reports.closing import shift_figures
from pos.reports.closing.shift_figures import ShiftView


@dataclass(frozen=True, kw_only=True)
class XView(ShiftView):
    """All of one look at an open shift; `is_blind`: of its cash it tells the float only."""

    is_blind: bool


def gather(shift: Shift, *, is_blind: bool) -> XView:
    """Return what an unclosed shift comes to now, in a blind one without its cash.

    From what was sold for cash, and the float, anybody could reckon what should be there. What is
    held may be cash, too.
    """
    told = shift_figures.of_shift(shift)
    if is_blind:
        told["cash"] = told["keyed_rounding"] = told["held_money"] = None
    return XView(**told, is_blind=is_blind)
