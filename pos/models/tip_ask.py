"""A customer who is asked for a tip, before there is a sale and its QR."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.shift import Shift
from pos.models.types import Instant, Minor, UTCDateTime, word
from pos.money import Currency, Money


class TipStatus(StrEnum):
    """Where a question about a tip stands. It is ended once, and DROPPED sells nothing."""

    ASKING = "asking"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    DROPPED = "dropped"


IS_ASKING = text("tip_ask.status = 'asking'")
"""Spelt out, as the partial index is: SQLite finds it by the words."""

_ASKING = text("status = 'asking'")


class TipAsk(Base):
    """One question at one till, one at a time, with the tips that were offered.

    It keeps all that was keyed in, so that its end opens the very sale that was charged:
    `amount_minor` is what is owed without a tip, `key` the key of that sale, `who` charged it.
    `offers` names each tip in minor units by its kind.
    """

    __tablename__ = "tip_ask"
    __table_args__ = (
        Index(
            "uq_tip_ask_asking",
            "shift_id",
            unique=True,
            sqlite_where=_ASKING,
            postgresql_where=_ASKING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[TipStatus] = mapped_column(word(TipStatus))
    who: Mapped[str] = mapped_column(String(80))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    note: Mapped[str] = mapped_column(String(60))
    rounding_minor: Mapped[Minor]
    discount_id: Mapped[int | None] = mapped_column(ForeignKey("discount.id"))
    offers: Mapped[dict[str, int]] = mapped_column(JSON)
    asked_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    shift: Mapped[Shift] = relationship()

    @property
    def amount(self) -> Money:
        """What is owed without a tip."""
        return Money(self.amount_minor, self.currency)
