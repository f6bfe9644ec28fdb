"""The browsers that a manager enrolled as tills, and the brake on guessing PINs there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Instant, Name, UTCDateTime


class Terminal(Base):
    """One browser of a store in which people come in by PIN. Only its token's hash is kept.

    `failures` counts wrong PINs since the last right one, whoever's they were.
    """

    __tablename__ = "terminal"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    enrolled_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    enrolled_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<Terminal {self.name}>"


class TerminalTry(Base):
    """Wrong PINs in a row of one person at one terminal, and until when the two wait."""

    __tablename__ = "terminal_try"

    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
