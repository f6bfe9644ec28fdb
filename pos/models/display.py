"""Customer-facing screens: each holds a random token and follows one till once paired."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Till
from pos.models.types import Instant, Name, UTCDateTime


class Display(Base):
    """One screen. Only the token's hash is kept; the pairing code is gone once used.

    `agent` says what browser it is; `wanted_till_id` is the till where its code was typed, until
    somebody there says yes or no.
    """

    __tablename__ = "display"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    till_id: Mapped[int | None] = mapped_column(ForeignKey("till.id"), index=True)
    pairing_code: Mapped[str | None] = mapped_column(String(6), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[Instant]
    paired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[Instant]

    agent: Mapped[str] = mapped_column(String(64), default="")
    wanted_till_id: Mapped[int | None] = mapped_column(ForeignKey("till.id"))

    till: Mapped[Till | None] = relationship(foreign_keys=[till_id])
