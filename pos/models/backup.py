"""Copies of the books: those that were taken, those that were put back, and what that lost."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Till
from pos.models.types import Instant, UTCDateTime, word


class Backup(Base):
    """One backup, wanted by a person or due by the clock, and what became of it.

    `on` is the day whose nightly one it is, None for one that somebody asked for. It is good
    where `ended_at` is set and `problem` is empty; `size` is in bytes.
    """

    __tablename__ = "backup"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date | None] = mapped_column(Date, unique=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[Instant]
    began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    name: Mapped[str] = mapped_column(String(120), default="")
    folder: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    is_encrypted: Mapped[bool] = mapped_column(Boolean, default=False)
    problem: Mapped[str] = mapped_column(Text, default="")


class Restore(Base):
    """One time that the books were put back from a backup of `taken_at`.

    Until `done_at` the gateways are asked again about what the backup could not know.
    """

    __tablename__ = "restore"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    taken_at: Mapped[Instant]
    name: Mapped[str] = mapped_column(String(120))
    revision: Mapped[str] = mapped_column(String(32))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NumberKind(StrEnum):
    """What carries a number without gaps."""

    Z_REPORT = "z_report"
    CORRECTION = "correction"
    RECEIPT = "receipt"


class LostNumbers(Base):
    """Numbers that were given and printed after a backup was taken, and so are not in the books.

    Written once, by a restore: the numbering goes on above `last`. Those of a till are a link of
    its chain as a Z report is; a store's receipts have no chain.
    """

    __tablename__ = "lost_numbers"
    __table_args__ = (
        UniqueConstraint("till_id", "link"),
        CheckConstraint("first >= 1 AND last >= first", "span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restore_id: Mapped[int] = mapped_column(ForeignKey("restore.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    till_id: Mapped[int | None] = mapped_column(ForeignKey("till.id"))
    kind: Mapped[NumberKind] = mapped_column(word(NumberKind))
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[Instant]
    link: Mapped[int | None] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64), default="")

    till: Mapped[Till | None] = relationship()

    @property
    def name(self) -> str:
        """How people call it: "Z 41 to 45 (lost)"."""
        sign = {NumberKind.Z_REPORT: "Z ", NumberKind.CORRECTION: "C-"}.get(self.kind, "")
        return f"{sign}{self.first} to {self.last} (lost)"
