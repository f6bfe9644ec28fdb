"""The nightly look at the books: done once a day, kept, and told to a manager; it mends nothing."""

import logging
from datetime import timedelta

from sqlalchemy import select, update

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.extensions import db
from pos.models import BooksCheck
from pos.reports.auditing import books

log = logging.getLogger(__name__)

MOST_LINES = 50
"""How many damaged records are written down; all are counted."""

GIVEN_UP = timedelta(hours=1)
"""A look that has not ended by then died, and is done again."""


def nightly() -> None:
    """Look at all records, once for each day, and write down what was found."""
    check_id = _claim()
    if check_id is None:
        return
    verdict = books.verify()
    for damage in verdict.damages:
        log.error("the books are damaged: %s", damage)
    told = "\n".join(str(damage) for damage in verdict.damages[:MOST_LINES])
    done = update(BooksCheck).where(BooksCheck.id == check_id)
    with writing(db.session):
        db.session.execute(
            done.values(
                ended_at=clock.now(),
                records=verdict.records,
                damaged=len({(one.till, one.record) for one in verdict.damages}),
                problems=told,
            )
        )


def _claim() -> int | None:
    """Take today's look; None where it was done, or another process is at it."""
    now = clock.now()
    on = clock.business_date(now)
    row = db.session.scalar(select(BooksCheck).where(BooksCheck.on == on))
    if row is None:
        new = BooksCheck(on=on, began_at=now)
        return new.id if add_if_new(db.session, new) else None
    died = update(BooksCheck).where(
        BooksCheck.id == row.id,
        BooksCheck.ended_at.is_(None),
        BooksCheck.began_at <= now - GIVEN_UP,
    )
    with writing(db.session):
        return row.id if rows_changed(db.session, died.values(began_at=now)) == 1 else None
