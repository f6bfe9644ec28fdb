"""What a manager decided: about money that needed a person, and about money nobody could see."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.payment import GatewayTransaction, Payment
from pos.models.types import Instant, UTCDateTime, word
from pos.models.user import User
from pos.states import Remark, ResolutionKind


class Resolution(Base):
    """One decision about one piece of money; rows are added, never changed.

    `transaction_id` is None where there is no money: a mark that the bank denied. Each step is
    taken once, by the unique keys: no money is refunded or accepted twice.
    """

    __tablename__ = "resolution"
    __table_args__ = (
        Index("uq_resolution_money", "transaction_id", "step", unique=True),
        Index("uq_resolution_mark", "payment_id", "step", unique=True,
              sqlite_where=text("transaction_id IS NULL"),
              postgresql_where=text("transaction_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("gateway_transaction.id"))
    step: Mapped[int] = mapped_column(Integer)
    kind: Mapped[ResolutionKind] = mapped_column(word(ResolutionKind))
    remark: Mapped[Remark] = mapped_column(word(Remark))
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    payment: Mapped[Payment] = relationship()
    transaction: Mapped[GatewayTransaction | None] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    approved_by: Mapped[User] = relationship(foreign_keys=approved_by_id)


class Mark(Base):
    """A payment called paid by a manager, with the evidence, while no bank could be asked."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))
    reason: Mapped[str] = mapped_column(String(32))
    evidence: Mapped[str] = mapped_column(Text)
    trouble: Mapped[str] = mapped_column(String(16))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    payment: Mapped[Payment] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    approved_by: Mapped[User] = relationship(foreign_keys=approved_by_id)


class PinTry(Base):
    """Wrong PINs in a row of one manager at one till, and until when that pair waits."""

    __tablename__ = "pin_try"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
