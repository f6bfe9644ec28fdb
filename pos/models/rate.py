"""What a dollar is worth in riel at a store: a row for each time a manager said so."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.cash import Rate
from pos.database import Base
from pos.models.types import Instant
from pos.models.user import User


class ExchangeRate(Base):
    """Riel for a dollar from a time on, until the next; rows are added, never changed.

    `buy` is what the shop gives for a dollar, `sell` what it asks for one.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (
        Index("ix_exchange_rate_newest", "store_id", "id"),
        CheckConstraint("0 < buy AND buy <= sell", name="spread"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    buy: Mapped[int] = mapped_column(Integer)
    sell: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[Instant]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    set_by: Mapped[User] = relationship()

    @property
    def rate(self) -> Rate:
        """The two figures."""
        return Rate(buy=self.buy, sell=self.sell)
