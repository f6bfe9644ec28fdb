"""What a gateway allows an account: the questions of a day, and whether it may be asked now."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import UTCDateTime


class GatewayDay(Base):
    """The questions of one account on one Phnom Penh day, and how they are to be spent.

    `ladder` is the plan now: seconds after a QR is shown; None before one was made.
    """

    __tablename__ = "gateway_day"

    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"), primary_key=True)
    on: Mapped[date] = mapped_column(Date, primary_key=True)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    ladder: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))


class GatewayCircuit(Base):
    """Whether an account's gateway may be asked now: not before `paused_until`.

    `paused_for` is the trouble that opened it; `failures` counts those in a row.
    """

    __tablename__ = "gateway_circuit"

    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"), primary_key=True)
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_for: Mapped[str] = mapped_column(String(16), default="")
    failures: Mapped[int] = mapped_column(Integer, default=0)
