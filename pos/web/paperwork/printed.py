"""What a page says of a document's paper: how often printed, the till's printer, its PDFs."""

from dataclasses import dataclass

from pos.extensions import db
from pos.models import ArchivedPdf, Kind, Printer, Printing
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.reports.remembered import again
from pos.services.paperwork import archive, printing


@dataclass(frozen=True)
class PdfState:
    """One paper's PDF: not asked for, being made, made, or failed."""

    paper: str
    label: str
    state: str


@dataclass(frozen=True)
class Paperwork:
    """All that the buttons of a document need."""

    kind: Kind
    document_id: int
    times_printed: int
    has_printer: bool
    last_problem: str
    is_printing: bool
    pdfs: tuple[PdfState, ...]


LABELS = {Paper.A4: "A4", Paper.ROLL: "80 mm"}


def paperwork_of(kind: Kind, document_id: int) -> Paperwork:
    """Return what was printed and made of a document so far."""
    till_id = documents.till_of(kind, document_id)
    last = printing.latest(kind, document_id)
    return Paperwork(
        kind=kind,
        document_id=document_id,
        times_printed=documents.times_printed(kind, document_id),
        has_printer=db.session.get(Printer, till_id) is not None,
        last_problem=again(last.problem) if last and not _waits(last) else "",
        is_printing=bool(last and _waits(last)),
        pdfs=tuple(_pdf(kind, document_id, paper) for paper in Paper),
    )


@dataclass(frozen=True)
class PrintedLook:
    """How the newest printing of a look went: it waits, or what went wrong, or nothing."""

    is_printing: bool = False
    last_problem: str = ""


def printed_look(kind: Kind, number: int) -> PrintedLook:
    """Return how it went when this look was last sent to a receipt printer."""
    last = printing.latest(kind, number)
    if last is None:
        return PrintedLook()
    return PrintedLook(_waits(last), "" if _waits(last) else again(last.problem))


def _waits(row: Printing) -> bool:
    return row.next_try_at is not None


def _pdf(kind: Kind, document_id: int, paper: Paper) -> PdfState:
    return PdfState(str(paper), LABELS[paper], _state(archive.find(kind, document_id, paper)))


def _state(row: ArchivedPdf | None) -> str:
    if row is None:
        return "none"
    if row.made_at is not None:
        return "made"
    return "failed" if row.next_try_at is None else "waiting"
