"""Cash: the exchange rate, what was taken for sales, what else moved, and what was counted."""

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.cash import Cash
from pos.database import Base
from pos.models.sale import Sale
from pos.models.shift import Shift
from pos.models.types import Instant, Minor, word
from pos.models.user import User
from pos.money import Currency, Money
from pos.states import MovementKind


class Tender(Base):
    """Cash that a customer gave for a sale, with the change; rows are added, never changed.

    `settles_minor` is how much of the sale it pays, in the sale's currency; `rounding_minor`
    the riel that rounding left to the shop, below zero where the shop gave them.
    """

    __tablename__ = "tender"
    __table_args__ = (Index("ix_tender_shift", "shift_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), index=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    cashier_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    settles_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    given_usd_minor: Mapped[Minor]
    given_khr_minor: Mapped[Minor]
    change_usd_minor: Mapped[Minor]
    change_khr_minor: Mapped[Minor]
    rounding_minor: Mapped[Minor]
    taken_at: Mapped[Instant]

    sale: Mapped[Sale] = relationship()

    @property
    def settles(self) -> Money:
        """What of the sale it pays."""
        return Money(self.settles_minor, self.currency)

    @property
    def given(self) -> Cash:
        """What the customer put on the counter."""
        return Cash(self.given_usd_minor, self.given_khr_minor)

    @property
    def rounding(self) -> Money:
        """What rounding left to the shop, in riel."""
        return Money(self.rounding_minor, Currency.KHR)

    @property
    def change(self) -> Cash:
        """What went back to the customer."""
        return Cash(self.change_usd_minor, self.change_khr_minor)


class CashMovement(Base):
    """Cash that moved without a sale, or the drawer opened for nothing; never changed.

    The amounts are what went in or out, as the kind says: never below zero. `worth_minor` is
    what a refund takes off its sale, in the sale's currency.
    """

    __tablename__ = "cash_movement"
    __table_args__ = (Index("ix_cash_movement_shift", "shift_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("sale.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[MovementKind] = mapped_column(word(MovementKind))
    usd_minor: Mapped[Minor]
    khr_minor: Mapped[Minor]
    worth_minor: Mapped[Minor] = mapped_column(default=0)
    rounding_minor: Mapped[Minor] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    sale: Mapped[Sale | None] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)

    @property
    def cash(self) -> Cash:
        """What moved."""
        return Cash(self.usd_minor, self.khr_minor)


class CashCount(Base):
    """One count of a drawer at the end of a shift, and what the books said then.

    The first and, where it was too far off, one more; neither is ever changed. `notes` are the
    pieces of each note, by currency.
    """

    __tablename__ = "cash_count"
    __table_args__ = (UniqueConstraint("shift_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    usd_minor: Mapped[Minor]
    khr_minor: Mapped[Minor]
    expected_usd_minor: Mapped[Minor]
    expected_khr_minor: Mapped[Minor]
    notes: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_blind: Mapped[bool] = mapped_column(Boolean)
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    shift: Mapped[Shift] = relationship()
    counted_by: Mapped[User] = relationship()

    @property
    def cash(self) -> Cash:
        """What was counted."""
        return Cash(self.usd_minor, self.khr_minor)

    @property
    def over(self) -> Cash:
        """What was counted beyond what the books said; below zero what was short."""
        return self.cash - Cash(self.expected_usd_minor, self.expected_khr_minor)
