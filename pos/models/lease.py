"""Which process does a timed job, and when it last said so."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Instant


class Lease(Base):
    """The right to run the timed jobs, held by one process until it ends or falls silent.

    `fence` grows by one with each new holder and never shrinks: who works under a smaller
    number was replaced.
    """

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(Integer, default=1)
    ticked_at: Mapped[Instant]
    ends_at: Mapped[Instant]
