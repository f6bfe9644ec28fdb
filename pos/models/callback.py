"""What gateways posted to us, kept before it is acknowledged."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import GatewayAccount
from pos.models.payment import Payment
from pos.models.types import Instant, UTCDateTime, word

OUR_PROBE = "our own probe"
"""What is said of an unsigned one that `check-gateway` sent: nobody needs to look into it."""


class CallbackVerdict(StrEnum):
    """What became of a callback."""

    WAITING = "waiting"
    """The gateway has not yet answered what it makes us ask."""
    CHECKED = "checked"
    """The gateway was asked since; what it said is in the books."""
    CONTRADICTED = "contradicted"
    """It told of money, and the gateway, asked since, had none."""
    UNKNOWN = "unknown"
    """Rightly signed, and about no payment of ours."""
    REFUSED = "refused"
    """Not proven; `said` has the reason, and of its body nothing is kept."""


class GatewayCallback(Base):
    """One callback. It settles nothing: it only says which payment to ask about.

    The same body to the same account is one row, however often it comes (`copies`). `try_at` is
    when to see whether the gateway has answered since, None once it has; `handled_at` is when it
    had. `body` is redacted.
    """

    __tablename__ = "gateway_callback"
    __table_args__ = (
        Index("uq_callback_body", "account_id", "digest", unique=True),
        Index("ix_callback_try", "try_at"),
        Index("ix_callback_received", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("gateway_account.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    tran_id: Mapped[str] = mapped_column(String(20), default="")
    said: Mapped[str] = mapped_column(String(64), default="")
    tells_of_money: Mapped[bool] = mapped_column(Boolean, default=False)
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(String(64), default="")
    received_at: Mapped[Instant]
    copies: Mapped[int] = mapped_column(Integer, default=1)
    verdict: Mapped[CallbackVerdict] = mapped_column(word(CallbackVerdict))
    try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[GatewayAccount | None] = relationship()
    payment: Mapped[Payment | None] = relationship()
