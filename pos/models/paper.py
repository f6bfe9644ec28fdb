"""Receipts with their numbers and links, what was printed, the PDFs, the printers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Store, Till
from pos.models.sale import Sale
from pos.models.types import Instant, UTCDateTime, word
from pos.words import Language


class Kind(StrEnum):
    """The documents that are printed and kept; and the looks, which are only printed."""

    Z_REPORT = "z_report"
    CORRECTION = "correction"
    RECEIPT = "receipt"
    X_REPORT = "x_report"
    X_BLIND = "x_blind"
    DAY = "day"


LOOKS = frozenset((Kind.X_REPORT, Kind.X_BLIND, Kind.DAY))
"""What is made of the books when it is printed: nothing of it is filed, and it has no copies."""


class Device(StrEnum):
    """What prints: the browser's own printer, or the till's receipt printer."""

    BROWSER = "browser"
    PRINTER = "printer"


class Receipt(Base):
    """What a payer gets, written once: its number in the store and all it says, as JSON."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("store_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), unique=True)
    number: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[Instant]
    body: Mapped[str] = mapped_column(Text)

    store: Mapped[Store] = relationship()
    sale: Mapped[Sale] = relationship()


class ReceiptLink(Base):
    """A payer's way to the receipt of a sale, until `ends_at`.

    `token_hash` is of the secret that stands in the link. That is reckoned from `seed` and a key
    of the environment, so that nobody who only sees this row can follow it.
    """

    __tablename__ = "receipt_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), index=True)
    seed: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    sale: Mapped[Sale] = relationship()


class Printing(Base):
    """One time that a document was printed; `copy` 0 is the original.

    `language` is that of whoever asked for it. `done_at` and `problem` are the receipt printer's:
    a browser prints beyond our sight.
    """

    __tablename__ = "printing"
    __table_args__ = (
        UniqueConstraint("kind", "document_id", "copy"),
        Index("ix_printing_waiting", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    document_id: Mapped[int] = mapped_column(Integer)
    copy: Mapped[int] = mapped_column(Integer)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    device: Mapped[Device] = mapped_column(word(Device))
    paper: Mapped[str] = mapped_column(String(8))
    language: Mapped[Language] = mapped_column(word(Language), default=Language.ENGLISH)
    who: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[Instant]
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(String(200), default="")


class ArchivedPdf(Base):
    """A document's PDF as it was made; `body` is None until the worker has made it."""

    __tablename__ = "archived_pdf"
    __table_args__ = (
        UniqueConstraint("kind", "document_id", "paper"),
        Index("ix_archived_pdf_waiting", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    document_id: Mapped[int] = mapped_column(Integer)
    paper: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[Instant]
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class Printer(Base):
    """The receipt printer of a till, and whether a cash drawer hangs on it.

    `kick_asked_at` is set while somebody waits for that drawer to open.
    """

    __tablename__ = "printer"

    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    has_drawer: Mapped[bool] = mapped_column(Boolean, default=False)
    kick_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    till: Mapped[Till] = relationship()
