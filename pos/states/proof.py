"""Whether the bank bears out a transfer that a person recorded by hand. Pure."""

from enum import StrEnum


class RefundProof(StrEnum):
    """What the bank says of the transfer by which money went back."""

    UNPROVEN = "unproven"
    """It could not be asked, or does not show the transfer yet."""
    PROVEN = "proven"
    DENIED = "denied"
    """The bank shows the transfer, and it is not this refund."""


_P = RefundProof

PROOF_MOVES: dict[RefundProof, frozenset[RefundProof]] = {
    _P.UNPROVEN: frozenset({_P.PROVEN, _P.DENIED}),
    _P.PROVEN: frozenset(),
    _P.DENIED: frozenset({_P.PROVEN}),
}
"""Every legal move of a proof: what is proven stays so.

What is denied becomes proven where the transfer was typed wrong, and the bank bears out another.
"""
