"""People who log in, each of their logins, and the brake on guessing passwords."""

from datetime import datetime

from sqlalchemy import Boolean, ColumnElement, ForeignKey, Integer, String, false
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos import permissions
from pos.database import Base
from pos.models.merchant import Store
from pos.models.terminal import Terminal
from pos.models.types import Instant, Name, UTCDateTime, word
from pos.permissions import Right, Role
from pos.words import Language


class User(Base):
    """A person of one store. Password and PIN are argon2 hashes.

    Who may go from store to store works at `chosen_store` while that login lasts; for everybody
    else, and until then, `store` is the one they belong to.
    """

    __tablename__ = "user"
    __allow_unmapped__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    home_store_id: Mapped[int] = mapped_column("store_id", ForeignKey("store.id"))
    username: Mapped[str] = mapped_column(String(32), unique=True)
    display_name: Mapped[Name]
    role: Mapped[Role] = mapped_column(word(Role))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=false()
    )
    """Whether somebody else knows the password: then it opens nothing but the page to change it."""

    pin_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    language: Mapped[Language | None] = mapped_column(word(Language))
    """What they chose to read; None until they choose."""

    home_store: Mapped[Store] = relationship()
    chosen_store: Store | None = None

    @hybrid_property
    def store_id(self) -> int:
        """The store that the person works at."""
        return self.chosen_store.id if self.chosen_store else self.home_store_id

    @store_id.inplace.setter
    def _belong_to(self, store_id: int) -> None:
        self.home_store_id = store_id

    @store_id.inplace.expression
    @classmethod
    def _home(cls) -> ColumnElement[int]:
        return cls.home_store_id.expression

    @property
    def store(self) -> Store:
        """The store that the person works at."""
        return self.chosen_store or self.home_store

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
    """One login of one person at one browser; ending the row ends it at once.

    `terminal_id` is the enrolled till it was opened at, where it ends by itself when nobody
    touches it; `by_pin` says that no password was typed.
    """

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its person last did something, to some minutes; None until then."""

    device: Mapped[str | None] = mapped_column(String(64))
    """The browser in words, as it called itself; None where it did not."""

    by_pin: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    terminal_id: Mapped[int | None] = mapped_column(ForeignKey("terminal.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))
    """The store that was chosen, by who may choose."""

    user: Mapped[User] = relationship()
    store: Mapped[Store | None] = relationship()
    terminal: Mapped[Terminal | None] = relationship()


class LoginTry(Base):
    """Wrong passwords in a row for one login name, known or not, and until when it waits."""

    __tablename__ = "login_try"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    waits_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
