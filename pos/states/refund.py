"""Which way money goes back, where a refund stands, and every legal move of one. Pure.

`services/refunding/refund_moves.py` is the one writer.
"""

from enum import StrEnum


class RefundKind(StrEnum):
    """Which way money went back to its payer."""

    GATEWAY = "gateway"
    MANUAL = "manual"
    """By a transfer that a person made in the bank's own app, and recorded here."""
    AT_BANK = "at_bank"
    """At the bank, by somebody else; the bank's figures told us."""


class RefundStatus(StrEnum):
    """Where one refund stands. Nothing is ever sent a second time."""

    SENDING = "sending"
    UNKNOWN = "unknown"
    """It was sent, and no answer says what became of it."""
    FOUND = "found"
    """It is in the bank's figures, and in ours once a manager takes note."""
    DONE = "done"
    REFUSED = "refused"


REFUND_MOVES: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.SENDING: frozenset(
        {RefundStatus.UNKNOWN, RefundStatus.DONE, RefundStatus.REFUSED}
    ),
    RefundStatus.UNKNOWN: frozenset({RefundStatus.DONE, RefundStatus.REFUSED}),
    RefundStatus.FOUND: frozenset({RefundStatus.DONE}),
    RefundStatus.DONE: frozenset(),
    RefundStatus.REFUSED: frozenset(),
}
"""Every legal move of a refund. What is done or refused stays so."""

REFUND_OPEN = frozenset({RefundStatus.SENDING, RefundStatus.UNKNOWN})
"""Refunds that may be in the bank's figures or not. Money has one at a time."""

REFUND_CALLS = frozenset({RefundStatus.UNKNOWN, RefundStatus.FOUND})
"""Refunds that a person should look at."""
