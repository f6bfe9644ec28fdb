"""What the last look at the books found, for the pages of a manager."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.extensions import db
from pos.models import BooksCheck


@dataclass(frozen=True, kw_only=True)
class BooksAlarm:
    """Damaged records, as the last look that ended found them."""

    at: datetime
    damaged: int
    lines: tuple[str, ...]


def alarm() -> BooksAlarm | None:
    """Return what is wrong with the books, or None where the last look found them whole."""
    query = select(BooksCheck).where(BooksCheck.ended_at.is_not(None))
    row = db.session.scalar(query.order_by(BooksCheck.id.desc()).limit(1))
    if row is None or row.ended_at is None or not row.damaged:
        return None
    lines = tuple(row.problems.splitlines())
    return BooksAlarm(at=row.ended_at, damaged=row.damaged, lines=lines)
