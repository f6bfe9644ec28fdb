"""What is written about the books after a close: corrections, and each look at the books."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.shift import SHORT, ZReport
from pos.models.types import Instant, UTCDateTime, word
from pos.words import _


class CorrectionKind(StrEnum):
    """What was learned about a shift after its Z report was written."""

    LATE_SALE = "late_sale"
    """Money of a sale that the report could not know of."""
    LATE_COUNT = "late_count"
    """The drawer of a shift that the system closed, counted after all."""
    RECOUNT = "recount"
    REFUND = "refund"
    """Money that the report counts, and that went back."""


KIND: dict[CorrectionKind, str] = {
    CorrectionKind.LATE_SALE: _("Sale paid after the close"),
    CorrectionKind.LATE_COUNT: _("Drawer counted later"),
    CorrectionKind.RECOUNT: _("Drawer counted again"),
    CorrectionKind.REFUND: _("Refund after the close"),
}
"""Each kind as pages and paper call it."""


class Correction(Base):
    """What was learned about a Z report's shift later, written once; the Z itself never changes.

    A record of its own, numbered in its till and chained as a Z is. `source` names the row or
    the form that it comes from: each makes one correction. `written_on` is its business day.
    """

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("till_id", "number"),
        UniqueConstraint("till_id", "link", name="uq_correction_link"),
        Index("ix_correction_written_on", "written_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    z_report_id: Mapped[int] = mapped_column(ForeignKey("z_report.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[CorrectionKind] = mapped_column(word(CorrectionKind))
    source: Mapped[str] = mapped_column(String(80), unique=True)
    written_at: Mapped[Instant]
    written_on: Mapped[date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    z_report: Mapped[ZReport] = relationship()

    @property
    def name(self) -> str:
        """How people call it: C-3."""
        return f"C-{self.number}"

    @property
    def kind_text(self) -> str:
        """What kind of correction it is, as a heading."""
        return KIND[self.kind]

    @property
    def short_hash(self) -> str:
        """What stands of the hash on paper: by it a print proves what was written."""
        return self.hash[:SHORT]


class BooksCheck(Base):
    """One look at all Z reports and corrections; `problems` is a line for each damaged record.

    One for each day, by the worker. `ended_at` is None while it is at it, or died over it.
    """

    __tablename__ = "books_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(Date, unique=True)
    began_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    records: Mapped[int] = mapped_column(Integer, default=0)
    damaged: Mapped[int] = mapped_column(Integer, default=0)
    problems: Mapped[str] = mapped_column(Text, default="")
