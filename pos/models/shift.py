"""A cashier's time at a till, and the numbered report that ends it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Till
from pos.models.types import Instant, Minor, UTCDateTime, word
from pos.models.user import User
from pos.money import Currency, Money
from pos.states import ShiftStatus

SHORT = 12
"""Characters of a record's hash that are printed."""


class Shift(Base):
    """From the opening float to the close. A till has one open shift at most, a cashier too.

    `version` grows with each change of its state: a form drawn before it sells nothing more.
    `close_problem` says why the system could not close it, `next_close_at` when it tries again.
    """

    __tablename__ = "shift"
    __table_args__ = (
        Index("uq_shift_open_till", "till_id", unique=True,
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
        Index("uq_shift_open_cashier", "cashier_id", unique=True,
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"), index=True)
    cashier_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[ShiftStatus] = mapped_column(word(ShiftStatus))
    opened_at: Mapped[Instant]
    business_date: Mapped[date] = mapped_column(Date)
    float_usd_minor: Mapped[Minor]
    float_khr_minor: Mapped[Minor]
    sales_made: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer, default=1)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    over_reason: Mapped[str] = mapped_column(String(32), default="")
    over_note: Mapped[str] = mapped_column(Text, default="")
    over_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    close_tries: Mapped[int] = mapped_column(Integer, default=0)
    next_close_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    close_problem: Mapped[str] = mapped_column(String(200), default="")

    till: Mapped[Till] = relationship()
    cashier: Mapped[User] = relationship(foreign_keys=cashier_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    over_approved_by: Mapped[User | None] = relationship(foreign_keys=over_approved_by_id)

    @property
    def cashier_name(self) -> str:
        """Who works this shift."""
        return self.cashier.display_name

    @property
    def till_name(self) -> str:
        """Where."""
        return self.till.name

    @property
    def floats(self) -> tuple[Money, Money]:
        """The cash in the drawer at opening, dollars then riel."""
        return (
            Money(self.float_usd_minor, Currency.USD),
            Money(self.float_khr_minor, Currency.KHR),
        )


class ZReport(Base):
    """The report of one closed shift, written once: its number and all it says, as JSON.

    `link` is its place in the till's chain, in which corrections stand, too; `hash` covers the
    whole row and the hash of the link before. The database refuses to change or delete a row.
    """

    __tablename__ = "z_report"
    __table_args__ = (
        UniqueConstraint("till_id", "number"),
        UniqueConstraint("till_id", "link", name="uq_z_report_link"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), unique=True)
    number: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[Instant]
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    shift: Mapped[Shift] = relationship()

    @property
    def short_hash(self) -> str:
        """What stands of the hash on paper: by it a print proves what was written."""
        return self.hash[:SHORT]
