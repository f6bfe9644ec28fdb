"""What a manager decides about money that needs a person, and what may follow what. Pure.

`services/settling/attention.py` is the one writer.
"""

from enum import StrEnum


class ResolutionKind(StrEnum):
    """What a manager decided about money that needed a person."""

    ACCEPTED = "accepted"
    REFUND_REQUESTED = "refund_requested"
    REFUNDED = "refunded"
    WRITTEN_OFF = "written_off"


_K = ResolutionKind

RESOLUTION_STEPS: dict[ResolutionKind | None, frozenset[ResolutionKind]] = {
    None: frozenset({_K.ACCEPTED, _K.REFUND_REQUESTED, _K.WRITTEN_OFF}),
    _K.REFUND_REQUESTED: frozenset({_K.REFUNDED, _K.WRITTEN_OFF}),
    _K.ACCEPTED: frozenset(),
    _K.REFUNDED: frozenset(),
    _K.WRITTEN_OFF: frozenset(),
}
"""Which decision may follow which; what nothing may follow is final."""


def is_final(kind: ResolutionKind) -> bool:
    """Return whether nothing may follow this decision."""
    return not RESOLUTION_STEPS[kind]
