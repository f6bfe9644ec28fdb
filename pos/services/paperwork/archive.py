"""The archive: a PDF of each Z report, and of each receipt that somebody asked for.

The worker makes them, never a request. What was made once is kept and never made anew.
"""

import hashlib
import logging
from datetime import timedelta

from sqlalchemy import select, update

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.extensions import db, settings
from pos.models import ArchivedPdf, Kind, ZReport
from pos.paper import pdf
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.reports.paperwork.speaking import in_language
from pos.services.alerting import outbox

log = logging.getLogger(__name__)

TRIES = 5
"""How often a PDF that fails is tried."""

AT_ONCE = 20
"""How many are begun in one go."""


def find(kind: Kind, document_id: int, paper: Paper) -> ArchivedPdf | None:
    """Return the archive's entry for a document, made or still to be made."""
    query = select(ArchivedPdf).where(
        ArchivedPdf.kind == kind,
        ArchivedPdf.document_id == document_id,
        ArchivedPdf.paper == str(paper),
    )
    return db.session.scalar(query)


def want(kind: Kind, document_id: int, paper: Paper) -> None:
    """Have a document's PDF made by the worker, if it is not in the archive yet."""
    if find(kind, document_id, paper) is None:
        now = clock.now()
        row = ArchivedPdf(
            kind=kind, document_id=document_id, paper=str(paper), asked_at=now, next_try_at=now
        )
        add_if_new(db.session, row)


def make_due() -> None:
    """Make the PDFs that wait, those of new Z reports among them; a failure is tried again."""
    _want_reports()
    waiting = select(ArchivedPdf.id).where(ArchivedPdf.next_try_at <= clock.now())
    for row_id in db.session.scalars(waiting.order_by(ArchivedPdf.id).limit(AT_ONCE)).all():
        if _claim(row_id):
            _make(db.session.get_one(ArchivedPdf, row_id))


def _want_reports() -> None:
    filed = select(ArchivedPdf.document_id).where(
        ArchivedPdf.kind == Kind.Z_REPORT, ArchivedPdf.paper == str(Paper.A4)
    )
    new = select(ZReport.id).where(ZReport.id.not_in(filed)).order_by(ZReport.id)
    for report_id in db.session.scalars(new.limit(AT_ONCE)).all():
        want(Kind.Z_REPORT, report_id, Paper.A4)


def _claim(row_id: int) -> bool:
    """Take one that waits; whoever dies over it leaves it to a later try."""
    row = db.session.get_one(ArchivedPdf, row_id)
    later = clock.now() + timedelta(seconds=30 * 2**row.tries) if row.tries + 1 < TRIES else None
    wish = update(ArchivedPdf).where(
        ArchivedPdf.id == row_id, ArchivedPdf.next_try_at <= clock.now()
    )
    with writing(db.session):
        values = {"next_try_at": later, "tries": ArchivedPdf.tries + 1}
        return rows_changed(db.session, wish.values(**values)) == 1


def _make(row: ArchivedPdf) -> None:
    """Draw one, with no transaction open, then keep it."""
    row_id, paper = row.id, Paper(row.paper)
    try:
        filed = documents.find(row.kind, row.document_id, by=row.asked_at)
        document = documents.with_flag(filed.document, documents.PDF_FLAG)
        body = pdf.write(in_language(document, settings().pdf_language), paper)
    except Exception as problem:
        log.exception("the PDF %s could not be made", row_id)
        _keep(row_id, problem=f"{type(problem).__name__}: {problem}"[:200])
        return
    digest = hashlib.sha256(body).hexdigest()
    _file(row_id, body=body, sha256=digest, made_at=clock.now(), next_try_at=None, problem="")


def _keep(row_id: int, **values: object) -> None:
    with writing(db.session):
        db.session.execute(update(ArchivedPdf).where(ArchivedPdf.id == row_id).values(**values))


def _file(row_id: int, **values: object) -> None:
    """Keep a PDF, and send that of a Z report to who wants it; a second one is not kept."""
    mine = update(ArchivedPdf).where(ArchivedPdf.id == row_id, ArchivedPdf.made_at.is_(None))
    with writing(db.session):
        if rows_changed(db.session, mine.values(**values)) == 0:
            return
        row = db.session.get_one(ArchivedPdf, row_id, populate_existing=True)
        if row.kind is Kind.Z_REPORT and row.paper == Paper.A4:
            outbox.put_report(row)
