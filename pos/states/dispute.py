"""What a dispute may be about, where it stands, and every legal move of one. Pure.

`services/disputing/disputes.py` is the one writer.
"""

from enum import StrEnum


class DisputeKind(StrEnum):
    """What a customer says went wrong."""

    NOT_CONFIRMED = "not_confirmed"
    """They paid, and the shop never saw it."""
    PAID_TWICE = "paid_twice"
    WRONG_AMOUNT = "wrong_amount"
    GOODS = "goods"
    OTHER = "other"


class DisputeStatus(StrEnum):
    """Whether a dispute waits, and how it ended."""

    OPEN = "open"
    REFUNDED = "refunded"
    MONEY_FOUND = "money_found"
    """The customer was right: the money is here."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeDeed(StrEnum):
    """What happened in a dispute, as its history tells it."""

    OPENED = "opened"
    EVIDENCE = "evidence"
    LINKED = "linked"
    """Evidence that says which payment it is about."""
    ENDED = "ended"


_D = DisputeStatus

DISPUTE_MOVES: dict[DisputeStatus, frozenset[DisputeStatus]] = {
    _D.OPEN: frozenset({_D.REFUNDED, _D.MONEY_FOUND, _D.REJECTED, _D.WITHDRAWN}),
    _D.REFUNDED: frozenset(),
    _D.MONEY_FOUND: frozenset(),
    _D.REJECTED: frozenset(),
    _D.WITHDRAWN: frozenset(),
}
"""Every legal move of a dispute. What has ended stays so; who finds more opens another."""

DISPUTE_NEEDS_PAYMENT = frozenset({_D.REFUNDED, _D.MONEY_FOUND})
"""Ends that the books must bear out, so it must be known which payment is meant."""
