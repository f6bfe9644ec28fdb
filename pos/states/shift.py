"""Where a shift stands, every legal move of one, and why cash moved in it. Pure."""

from enum import StrEnum


class MovementKind(StrEnum):
    """Why cash moved, or the drawer was opened, without a sale being paid by it."""

    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    NO_SALE = "no_sale"
    REFUND = "refund"
    """For a sale that was paid, or for the cash part of one that is given up."""


class ShiftStatus(StrEnum):
    """One cashier's time at one till; the system may close a forgotten one, uncounted.

    While the drawer is counted nothing is sold.
    """

    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"
    AUTO_CLOSED = "auto_closed"


SHIFT_MOVES = frozenset(
    {
        (ShiftStatus.OPEN, ShiftStatus.COUNTING),
        (ShiftStatus.COUNTING, ShiftStatus.OPEN),
        (ShiftStatus.COUNTING, ShiftStatus.CLOSED),
        # A drawer that never held cash needs no count.
        (ShiftStatus.OPEN, ShiftStatus.CLOSED),
        (ShiftStatus.OPEN, ShiftStatus.AUTO_CLOSED),
        (ShiftStatus.COUNTING, ShiftStatus.AUTO_CLOSED),
    }
)
"""Every legal move of a shift."""

UNCLOSED = frozenset({ShiftStatus.OPEN, ShiftStatus.COUNTING})
"""The till is taken, and money that is found now belongs in this shift's report."""
