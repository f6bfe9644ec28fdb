"""Every state that a thing of the shop can be in, and every legal move between them. Pure.

Nothing else decides what may follow what. A file for each thing: `payment resolution refund proof
sale shift dispute`; all of it is imported from here.
"""

from pos.states.dispute import (
    DISPUTE_MOVES,
    DISPUTE_NEEDS_PAYMENT,
    DisputeDeed,
    DisputeKind,
    DisputeStatus,
)
from pos.states.payment import (
    CORRECTIONS,
    LIVE,
    MARKS,
    MOVES,
    UNVERIFIED,
    WATCHED,
    EventName,
    PaymentStatus,
    Remark,
    event_of,
)
from pos.states.proof import PROOF_MOVES, RefundProof
from pos.states.refund import REFUND_CALLS, REFUND_MOVES, REFUND_OPEN, RefundKind, RefundStatus
from pos.states.resolution import RESOLUTION_STEPS, ResolutionKind, is_final
from pos.states.sale import SALE_MOVES, SaleStatus
from pos.states.shift import SHIFT_MOVES, UNCLOSED, MovementKind, ShiftStatus

__all__ = [
    "CORRECTIONS",
    "DISPUTE_MOVES",
    "DISPUTE_NEEDS_PAYMENT",
    "DisputeDeed",
    "DisputeKind",
    "DisputeStatus",
    "EventName",
    "LIVE",
    "MARKS",
    "MOVES",
    "MovementKind",
    "PROOF_MOVES",
    "PaymentStatus",
    "REFUND_CALLS",
    "REFUND_MOVES",
    "REFUND_OPEN",
    "RESOLUTION_STEPS",
    "RefundKind",
    "RefundProof",
    "RefundStatus",
    "Remark",
    "ResolutionKind",
    "SALE_MOVES",
    "SHIFT_MOVES",
    "SaleStatus",
    "ShiftStatus",
    "UNCLOSED",
    "UNVERIFIED",
    "WATCHED",
    "event_of",
    "is_final",
]
