"""What was taken off a price, agreed before the sale was charged."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.types import Instant, Minor, word
from pos.models.user import User
from pos.money import Currency, Money


class Discount(Base):
    """One discount, for one sale of its shift at most; rows are added, never changed.

    `permille` is what was asked for in thousandths, None where an amount was. The manager who
    agreed is named where it was above what a cashier gives alone.
    """

    __tablename__ = "discount"
    __table_args__ = (
        Index("ix_discount_shift", "shift_id"),
        CheckConstraint("minor > 0 AND minor < before_minor", name="part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    before_minor: Mapped[Minor]
    minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    permille: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(String(60))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    given_by: Mapped[User] = relationship(foreign_keys=given_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)

    @property
    def before(self) -> Money:
        """The price that it was taken off."""
        return Money(self.before_minor, self.currency)

    @property
    def amount(self) -> Money:
        """What was taken off."""
        return Money(self.minor, self.currency)

    @property
    def after(self) -> Money:
        """What is left to pay."""
        return self.before - self.amount

    @property
    def percent(self) -> str:
        """The per cent that was asked for, "10 %" or "7.5 %"; "" where an amount was."""
        if self.permille is None:
            return ""
        whole, tenth = divmod(self.permille, 10)
        return f"{whole}.{tenth} %" if tenth else f"{whole} %"
