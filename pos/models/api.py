"""How other programs come to the shop: their tokens, and what they asked before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import Store
from pos.models.types import Instant, Name, UTCDateTime
from pos.models.user import User
from pos.permissions import SCOPE_RIGHTS, Scope


class ApiToken(Base):
    """One program's way in: a family of short tokens that follow one another until it is revoked.

    It belongs to a person, does never more than they may, and ends with them. `scopes` are words
    with spaces between. With a `customer` it reaches that customer's sales alone.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[Name]
    scopes: Mapped[str] = mapped_column(String(64))
    customer: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[Instant]
    refreshed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()
    store: Mapped[Store] = relationship()

    @property
    def who(self) -> str:
        """How histories name this program; the colon says that a person is behind it."""
        return f"api:{self.id}"

    def may(self, scope: Scope) -> bool:
        """Return whether it has a scope, and its person still the right that goes with it."""
        return scope in self.scopes.split() and self.owner.may(SCOPE_RIGHTS[scope])

    def __repr__(self) -> str:
        return f"<ApiToken {self.id}>"


class ApiRefresh(Base):
    """One refresh token of a family, by the hash of its id; good once."""

    __tablename__ = "api_refresh"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), index=True)
    jti_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    spent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    token: Mapped[ApiToken] = relationship()


class ApiAnswer(Base):
    """The answer to a request with an `Idempotency-Key`, to be given again for seven days.

    `digest` is of the request; without a `status` the request is being answered.
    """

    __tablename__ = "api_answer"
    __table_args__ = (
        UniqueConstraint("token_id", "key"),
        Index("ix_api_answer_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Instant]
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text, default="")


class ApiTry(Base):
    """One request of a kind that may be made only so often; `bucket` is whose, and which kind."""

    __tablename__ = "api_try"
    __table_args__ = (Index("ix_api_try_bucket", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(160))
    at: Mapped[Instant]
