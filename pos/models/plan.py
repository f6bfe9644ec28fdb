"""How a sale of another system is paid in parts, and when money that was held is the shop's."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.online import OutsideSale
from pos.models.types import Instant, Minor, word
from pos.money import Currency, Money
from pos.plans import PartName, PlanKind


class Plan(Base):
    """The plan of an outside sale, fixed with its price when it is registered; never changed.

    `price_minor` is before `permille`, the discount in thousandths for paying at once.
    """

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("price_minor > 0", name="price"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_sale.id"), unique=True)
    kind: Mapped[PlanKind] = mapped_column(word(PlanKind))
    price_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    permille: Mapped[int] = mapped_column(Integer)

    outside: Mapped[OutsideSale] = relationship()

    @property
    def price(self) -> Money:
        """What was asked for before any discount."""
        return Money(self.price_minor, self.currency)


class Instalment(Base):
    """One part of a plan, due once those before it are paid; never changed.

    It is paid by a sale of the shop: see `OutsidePart.instalment_id`.
    """

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[PartName] = mapped_column(word(PartName))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))

    plan: Mapped[Plan] = relationship()

    @property
    def amount(self) -> Money:
        """What is to be paid."""
        return Money(self.amount_minor, self.currency)


class Release(Base):
    """The end of holding a sale's money: it was completed, once; never changed.

    `shift_id` is in whose report it stands. `last_refund_id` and `last_movement_id` are the
    newest refund and cash movement of its money by then: what goes back later was not held.
    """

    __tablename__ = "plan_release"
    __table_args__ = (
        Index("ix_plan_release_shift", "shift_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    last_refund_id: Mapped[int] = mapped_column(Integer)
    last_movement_id: Mapped[int] = mapped_column(Integer)
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[Instant]

    plan: Mapped[Plan] = relationship()

    @property
    def amount(self) -> Money:
        """What is the shop's since."""
        return Money(self.amount_minor, self.currency)
