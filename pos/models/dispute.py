"""What customers dispute, and what was brought forward about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Till
from pos.models.payment import Payment
from pos.models.types import Instant, Minor, Reference, UTCDateTime, word
from pos.models.user import User
from pos.money import Currency, Money
from pos.states import DisputeDeed, DisputeKind, DisputeStatus

_OPEN = text("status = 'open' AND payment_id IS NOT NULL")


class Dispute(Base):
    """What one customer says about one payment, or about money that no payment shows.

    `payment_id` is None until it is known which payment is meant; one payment has one open
    dispute at most. `paid_at` and `payer_digits` are what the customer says. `key` is the form's.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        Index("uq_dispute_open", "payment_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_dispute_till_id", "till_id", "status", "id"),
        Index("ix_dispute_payment_id", "payment_id"),
        CheckConstraint("amount_minor > 0", "amount"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[DisputeKind] = mapped_column(word(DisputeKind))
    status: Mapped[DisputeStatus] = mapped_column(word(DisputeStatus))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    payer_digits: Mapped[str] = mapped_column(String(8), default="")
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[Instant]
    due_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    till: Mapped[Till] = relationship()
    payment: Mapped[Payment | None] = relationship()
    opened_by: Mapped[User] = relationship()

    @property
    def amount(self) -> Money:
        """What the customer says they paid."""
        return Money(self.amount_minor, self.currency)


class DisputeEntry(Base):
    """One line of a dispute's history: its begin, a piece of evidence, its end; never changed."""

    __tablename__ = "dispute_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    deed: Mapped[DisputeDeed] = mapped_column(word(DisputeDeed))
    status: Mapped[DisputeStatus] = mapped_column(word(DisputeStatus))
    text: Mapped[str] = mapped_column(Text)
    reference: Mapped[Reference] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    by: Mapped[User] = relationship(foreign_keys=by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
