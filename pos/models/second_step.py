"""A person's second step at the login: the sealed key of their app, and their recovery codes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Instant, UTCDateTime


class SecondStep(Base):
    """The key that a person's authenticator app shares with the shop.

    Until `on_since` it is only set up, and opens and bars nothing. `last_step` is the step of the
    last code that was taken: no code of it, or before it, is taken again.
    """

    __tablename__ = "second_step"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), primary_key=True, autoincrement=False
    )
    sealed_key: Mapped[str] = mapped_column(String(255))
    begun_at: Mapped[Instant]
    on_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<SecondStep of user {self.user_id}>"


class RecoveryCode(Base):
    """One code that stands in for a lost phone, once; only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
