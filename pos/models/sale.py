"""What is owed for one purchase."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.cash import Rate
from pos.database import Base
from pos.models.discount import Discount
from pos.models.rate import ExchangeRate
from pos.models.shift import Shift
from pos.models.types import Instant, Minor, UTCDateTime, word
from pos.money import Currency, Money
from pos.states import SaleStatus


class Sale(Base):
    """One purchase at one till. Its number counts up within its shift.

    Its exchange rate is the one in force when it was made; None where no rate was set yet.
    `note` is what the cashier wrote to find it by, `rounding_minor` by how much the amount is
    more than what was typed: riel go by hundreds. A discount is taken off after that, and a tip
    is added last: `amount_minor` has it.
    """

    __tablename__ = "sale"
    __table_args__ = (
        UniqueConstraint("shift_id", "number"),
        Index("ix_sale_till_number", "till_id", "number"),
        CheckConstraint("tip_minor >= 0 AND tip_minor < amount_minor", name="tip"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    cashier_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    status: Mapped[SaleStatus] = mapped_column(word(SaleStatus))
    business_date: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant]
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    void_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("exchange_rate.id"))
    note: Mapped[str] = mapped_column(String(60), default="")
    rounding_minor: Mapped[Minor] = mapped_column(default=0)
    discount_id: Mapped[int | None] = mapped_column(ForeignKey("discount.id"), unique=True)
    tip_minor: Mapped[Minor] = mapped_column(default=0, server_default="0")

    shift: Mapped[Shift] = relationship()
    exchange: Mapped[ExchangeRate | None] = relationship()
    discount: Mapped[Discount | None] = relationship()

    @property
    def amount(self) -> Money:
        """What is owed, with its tip."""
        return Money(self.amount_minor, self.currency)

    @property
    def tip(self) -> Money:
        """What the customer adds of their own will."""
        return Money(self.tip_minor, self.currency)

    @property
    def typed(self) -> Money:
        """What was typed at the keypad, before riel were rounded, and before a discount."""
        return Money(self.before.minor - self.rounding_minor, self.currency)

    @property
    def before(self) -> Money:
        """The price, before any discount and without a tip."""
        return self.discount.before if self.discount else self.amount - self.tip

    @property
    def rate(self) -> Rate | None:
        """The exchange rate that holds for it, for good."""
        return self.exchange.rate if self.exchange else None
