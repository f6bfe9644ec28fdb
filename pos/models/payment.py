"""One attempt to collect a sale by KHQR, and its history."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import GatewayAccount, Store, Till
from pos.models.sale import Sale
from pos.models.types import Instant, Minor, Reference, UTCDateTime, word
from pos.money import Currency, Money
from pos.states import EventName, PaymentStatus, Remark

_REMARKED = text("remark IS NOT NULL")

SAYS_LENGTH = 240
"""Characters that are kept of a gateway's reason."""

TAIL_LENGTH = 4
"""Characters of a payer's account by which it is found again."""


PLAIN_LENGTH = 120
"""Characters of a note in small letters: one of Turkish becomes two."""

UNSEEN = "\u200b\u200c\u200d"
"""Khmer is typed with spaces that nobody sees between its words, and with joiners."""


def plain(note: str) -> str:
    """Return a note as the search compares it: small letters, without what nobody sees."""
    shown = note.translate(dict.fromkeys(map(ord, UNSEEN)))
    return unicodedata.normalize("NFC", " ".join(shown.lower().split()))


def tail_of(payer: str) -> str:
    """Return the last letters or digits of a payer's account, without its bank: "5678"."""
    account = re.sub(r"[^0-9a-z]", "", payer.partition("@")[0].lower())
    return account[-TAIL_LENGTH:]


def _own_tail(context: Any) -> str:
    return tail_of(context.get_current_parameters().get("payer") or "")


class Payment(Base):
    """One QR for one sale. Its status is written by `services/settling/payments.py:move` alone.

    `close_at` is when the gateway is next asked to let nobody pay it any more, if at all.
    `trouble_says` is the gateway's own reason for `trouble`, or for making no QR, as a sentence.
    `plain_note` is its sale's note once more, as the search reads it: one table holds all of it.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index("ix_payment_till_newest", "till_id", "id"),
        Index("ix_payment_due", "next_check_at"),
        Index("ix_payment_close", "close_at"),
        Index("ix_payment_paid_shift", "paid_shift_id"),
        Index("ix_payment_remarked", "till_id",
              sqlite_where=_REMARKED, postgresql_where=_REMARKED),
        Index("ix_payment_till_made", "till_id", "made_at"),
        # Not the till first: SQLite must not follow these where a till's few remarks are meant.
        Index("ix_payment_status_till", "status", "till_id", "made_at"),
        Index("ix_payment_amount_till", "amount_minor", "till_id", "made_at"),
        Index("ix_payment_remark_till", "remark", "till_id", "made_at",
              sqlite_where=_REMARKED, postgresql_where=_REMARKED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sale.id"), index=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"))
    tran_id: Mapped[str] = mapped_column(String(20), unique=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    plain_note: Mapped[str | None] = mapped_column(String(PLAIN_LENGTH))

    status: Mapped[PaymentStatus] = mapped_column(word(PaymentStatus), index=True)
    remark: Mapped[Remark | None] = mapped_column(word(Remark))
    made_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))

    qr_string: Mapped[str | None] = mapped_column(Text)
    lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    receiver: Mapped[str] = mapped_column(String(128), default="")
    deep_link: Mapped[str] = mapped_column(Text, default="")

    next_check_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    close_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[str] = mapped_column(String(16), default="")
    trouble_says: Mapped[str] = mapped_column(String(SAYS_LENGTH), default="")

    sale: Mapped[Sale] = relationship()
    till: Mapped[Till] = relationship()
    account: Mapped[GatewayAccount] = relationship()

    @property
    def amount(self) -> Money:
        """What this attempt asks for."""
        return Money(self.amount_minor, self.currency)


WITH_SHOP = (
    joinedload(Payment.account),
    joinedload(Payment.till).joinedload(Till.store).joinedload(Store.merchant),
)
"""Loads with a payment, in the same query, whom it pays and where it is taken."""


class PaymentEvent(Base):
    """One line of a payment's history; written with the move it tells of, never changed."""

    __tablename__ = "payment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    at: Mapped[Instant]
    name: Mapped[EventName] = mapped_column(word(EventName))
    old: Mapped[PaymentStatus] = mapped_column(word(PaymentStatus))
    new: Mapped[PaymentStatus] = mapped_column(word(PaymentStatus))
    who: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class GatewayTransaction(Base):
    """One piece of money that a gateway reported; it settles one sale at most.

    Unique per gateway and reference: the same money is never booked twice. `refunded_minor` is
    what our refunds gave back of it or may have, `returned_minor` what somebody else did.
    `payer_tail` is the end of the payer's account, for the search.
    """

    __tablename__ = "gateway_transaction"
    __table_args__ = (
        Index("uq_transaction_reference", "gateway", "reference", unique=True),
        Index("ix_transaction_payer", "payer_tail", "payment_id"),
        Index("ix_transaction_bank_reference", "bank_reference"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", "refunded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    settles_sale_id: Mapped[int | None] = mapped_column(ForeignKey("sale.id"), unique=True)
    gateway: Mapped[str] = mapped_column(String(16))
    reference: Mapped[Reference]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency] = mapped_column(word(Currency))
    payer: Mapped[Reference]
    payer_tail: Mapped[str | None] = mapped_column(String(TAIL_LENGTH), default=_own_tail)
    receiver: Mapped[Reference]
    bank_reference: Mapped[Reference]
    paid_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_at: Mapped[Instant]
    refunded_minor: Mapped[Minor] = mapped_column(default=0)
    returned_minor: Mapped[Minor] = mapped_column(default=0)

    payment: Mapped[Payment] = relationship()

    @property
    def amount(self) -> Money:
        """What arrived."""
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """What may still be given back of it."""
        gone = self.refunded_minor + self.returned_minor
        return Money(max(0, self.amount_minor - gone), self.currency)


class GatewayQuestion(Base):
    """One question to a gateway about one payment, and what it answered, redacted."""

    __tablename__ = "gateway_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    asked_at: Mapped[Instant]
    took_ms: Mapped[int] = mapped_column(Integer)
    who: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    trouble: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(16))
    http_status: Mapped[int | None] = mapped_column(Integer)
    raw: Mapped[str] = mapped_column(Text)
