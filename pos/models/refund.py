"""Money that went back to its payer, or may have."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.payment import GatewayTransaction, Payment
from pos.models.types import Instant, Minor, Reference, UTCDateTime, word
from pos.models.user import User
from pos.money import Currency, Money
from pos.states import RefundKind, RefundProof, RefundStatus

_OPEN = text("status IN ('sending', 'unknown')")
_REFERRED = text("reference <> ''")
_PROVEN = text("proof_hash <> ''")


class Refund(Base):
    """One refund of one piece of money; `services/refunding/refund_moves.py` writes its status.

    `key` is the form's: one form makes one refund. `before_minor` is what the bank had given
    back in all when it was sent, by which a refund without an answer is found again. `proof` is
    None where no transfer by hand is to be proven; `proof_hash` the transfer that proves it.
    """

    __tablename__ = "refund"
    __table_args__ = (
        Index("uq_refund_open", "transaction_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_refund_reference", "transaction_id", "reference", unique=True,
              sqlite_where=_REFERRED, postgresql_where=_REFERRED),
        Index("uq_refund_proof_hash", "proof_hash", unique=True,
              sqlite_where=_PROVEN, postgresql_where=_PROVEN),
        Index("ix_refund_proof", "proof", "next_look_at"),
        Index("ix_refund_shift_id", "shift_id"),
        Index("ix_refund_status", "status"),
        Index("ix_refund_made", "made_at"),
        CheckConstraint("amount_minor > 0", "amount"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("gateway_transaction.id"))
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[RefundKind] = mapped_column(word(RefundKind))
    status: Mapped[RefundStatus] = mapped_column(word(RefundStatus))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    before_minor: Mapped[Minor] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[Reference] = mapped_column(default="")
    proof: Mapped[RefundProof | None] = mapped_column(word(RefundProof))
    proof_hash: Mapped[Reference] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[str] = mapped_column(String(16), default="")
    code: Mapped[str] = mapped_column(String(16), default="")
    says: Mapped[str] = mapped_column(Text, default="")
    raw: Mapped[str] = mapped_column(Text, default="")
    denial_noted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    denial_noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    denial_note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """What a person found out about a transfer that the bank denies to be this refund."""
    wrong_references: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """What stood in `reference` before, where that was typed wrong: one a line, oldest first."""

    payment: Mapped[Payment] = relationship()
    transaction: Mapped[GatewayTransaction] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    denial_noted_by: Mapped[User | None] = relationship(foreign_keys=denial_noted_by_id)

    @property
    def amount(self) -> Money:
        """What goes back, or is to."""
        return Money(self.amount_minor, self.currency)

    @property
    def is_alone(self) -> bool:
        """Whether one person recorded it and no second one agreed."""
        is_manual = self.kind is RefundKind.MANUAL
        return is_manual and self.asked_by_id == self.approved_by_id
