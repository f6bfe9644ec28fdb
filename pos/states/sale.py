"""Whether a sale was collected, and every legal move of one. Pure."""

from enum import StrEnum


class SaleStatus(StrEnum):
    """Whether what is owed for one purchase has been collected."""

    OPEN = "open"
    PAID = "paid"
    VOIDED = "voided"


SALE_MOVES = frozenset(
    {
        (SaleStatus.OPEN, SaleStatus.PAID),
        (SaleStatus.OPEN, SaleStatus.VOIDED),
    }
)
"""Every legal move of a sale."""
