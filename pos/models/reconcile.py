"""The day's books held against the bank's, once more: each run, and what it found."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Store
from pos.models.payment import GatewayTransaction, Payment
from pos.models.types import Instant, Reference, UTCDateTime, word


class Finding(StrEnum):
    """What the bank says of a payment now, beside what the books say."""

    AGREES = "agrees"
    MONEY_FOUND = "money_found"
    """The bank has money for a QR that the books call unpaid."""
    NOT_CONFIRMED = "not_confirmed"
    """The bank does not know, any more, the transfer that settled a sale."""
    SENT_BACK = "sent_back"
    """The bank's tracking word says that the money went back."""
    OTHER_FACTS = "other_facts"
    """The transfer has another amount, currency or receiver than was booked."""


class ListFinding(StrEnum):
    """How a bank's own list of payments and the books differ."""

    OURS_ONLY = "ours_only"
    THEIRS_ONLY = "theirs_only"
    AMOUNT_DIFFERS = "amount_differs"
    RETURNED = "returned"
    """The bank has given back another sum than the books know of."""


class ReconcileRun(Base):
    """One pass over one store's business day; what was left unasked is taken up by a later night.

    `asked` counts questions sent, `left_unasked` what waits; answers since `counts_from` count.
    """

    __tablename__ = "reconcile_run"
    __table_args__ = (Index("ix_reconcile_run_day", "store_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    on: Mapped[date] = mapped_column(Date)
    is_by_hand: Mapped[bool] = mapped_column(Boolean, default=False)
    counts_from: Mapped[Instant]
    began_at: Mapped[Instant]
    worked_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    left_unasked: Mapped[int] = mapped_column(Integer, default=0)
    trouble: Mapped[str] = mapped_column(String(16), default="")

    store: Mapped[Store] = relationship()


class ReconcileCheck(Base):
    """What one run found about one transaction, or about one QR without money; never changed."""

    __tablename__ = "reconcile_check"
    __table_args__ = (
        Index("uq_reconcile_money", "run_id", "transaction_id", unique=True),
        Index("uq_reconcile_qr", "run_id", "payment_id", unique=True,
              sqlite_where=text("transaction_id IS NULL"),
              postgresql_where=text("transaction_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("reconcile_run.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("gateway_transaction.id"))
    finding: Mapped[Finding] = mapped_column(word(Finding))
    said: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Instant]

    payment: Mapped[Payment] = relationship()
    transaction: Mapped[GatewayTransaction | None] = relationship()


class ReconcileList(Base):
    """One account's own list of the run's day, compared whole; there is one for each account."""

    __tablename__ = "reconcile_list"

    run_id: Mapped[int] = mapped_column(ForeignKey("reconcile_run.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"), primary_key=True)
    at: Mapped[Instant]


class ReconcileListed(Base):
    """One payment on which a bank's list and the books differed; `payment_id` None: not ours.

    `ours` and `theirs` are amounts in words, of what the finding is about.
    """

    __tablename__ = "reconcile_listed"
    __table_args__ = (Index("uq_reconcile_listed", "run_id", "reference", "finding", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("reconcile_run.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    finding: Mapped[ListFinding] = mapped_column(word(ListFinding))
    reference: Mapped[Reference]
    ours: Mapped[str] = mapped_column(String(40), default="")
    theirs: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[Instant]

    payment: Mapped[Payment | None] = relationship()
