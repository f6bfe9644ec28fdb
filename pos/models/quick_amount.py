"""Amounts that a store's tills offer at one tap."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Minor, word
from pos.money import Currency, Money


class QuickAmount(Base):
    """One amount, and its place in the row of its currency, counted from 1."""

    __tablename__ = "quick_amount"
    __table_args__ = (
        UniqueConstraint("store_id", "currency", "place"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    currency: Mapped[Currency] = mapped_column(word(Currency))
    place: Mapped[int] = mapped_column(Integer)
    amount_minor: Mapped[Minor]

    @property
    def amount(self) -> Money:
        """What a tap puts on the keypad."""
        return Money(self.amount_minor, self.currency)
