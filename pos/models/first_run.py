"""The code with which an empty installation is given its first shop and its owner."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Instant


class FirstRun(Base):
    """The one code that is in force; only its hash is kept, and the row goes when it was used."""

    __tablename__ = "first_run"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[Instant]
    failures: Mapped[int] = mapped_column(Integer, default=0)
