"""People who log in, each of their logins, and the brake on guessing passwords."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos import permissions
from pos.database import Base
from pos.models.merchant import Store
from pos.models.types import Instant, Name, UTCDateTime, word
from pos.permissions import Right, Role
from pos.words import Language


class User(Base):
    """A person of one store. Password and PIN are argon2 hashes; only a manager has a PIN."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    username: Mapped[str] = mapped_column(String(32), unique=True)
    display_name: Mapped[Name]
    role: Mapped[Role] = mapped_column(word(Role))
    password_hash: Mapped[str] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    language: Mapped[Language | None] = mapped_column(word(Language))
    """What they chose to read; None until they choose."""

    store: Mapped[Store] = relationship()

    def may(self, right: Right) -> bool:
        """Return whether the person's role has a right."""
        return permissions.may(self.role, right)

    @property
    def who(self) -> str:
        """How histories name this person."""
        return f"{self.role}:{self.username}"

    def __repr__(self) -> str:
        return f"<User {self.username}>"


class Login(Base):
    """One login of one person at one browser; ending the row ends it at once."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class LoginTry(Base):
    """Wrong passwords in a row for one login name, known or not, and until when it waits."""

    __tablename__ = "login_try"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
