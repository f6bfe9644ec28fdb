"""Sales that other programs register, by references of their own."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.api import ApiToken
from pos.models.merchant import Store
from pos.models.sale import Sale
from pos.models.types import Instant, Minor, word
from pos.money import Currency, Money


class OutsideSale(Base):
    """What another system wants paid: its booking or order, by `reference`, once for each store.

    `uid` is its uuid for the outside, `number` what people call it. It is a sale of the shop
    only once somebody is about to pay: see `OutsidePart`.
    """

    __tablename__ = "outside_sale"
    __table_args__ = (
        UniqueConstraint("store_id", "reference"),
        Index("ix_outside_sale_number", "store_id", "number"),
        Index("ix_outside_sale_customer", "store_id", "customer", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    reference: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(64))
    customer: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(String(60), default="")
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    made_at: Mapped[Instant]

    store: Mapped[Store] = relationship()
    token: Mapped[ApiToken] = relationship()

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)


class OutsidePart(Base):
    """A sale of the shop by which an outside sale is paid, or was to be: one in each shift.

    Where it has a plan, each instalment has sales of its own: `instalment_id` says which.
    """

    __tablename__ = "outside_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_sale.id"), index=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), unique=True)
    instalment_id: Mapped[int | None] = mapped_column(ForeignKey("instalment.id"), index=True)

    outside: Mapped[OutsideSale] = relationship()
    sale: Mapped[Sale] = relationship()
