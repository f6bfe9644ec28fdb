"""The documents that are printed and kept, whatever their kind: found, and made ready for paper."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from pos import clock
from pos.errors import NotFound
from pos.extensions import db
from pos.models import LOOKS, Correction, Kind, Printing, Receipt, Sale, ZReport
from pos.paper.document import Document, copy_flag
from pos.reports.closing import corrections, z_report
from pos.reports.paperwork import correction_paper, looks, receipt, receipt_refunds, z_paper
from pos.reports.paperwork.speaking import in_language
from pos.words import _, joined

PDF_FLAG = _("PDF copy")
"""What a PDF says of itself: the original is on paper."""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A stored document, and whose it is."""

    kind: Kind
    id: int
    name: str
    shift_id: int
    till_id: int
    store_name: str
    document: Document


def find(kind: Kind, document_id: int, *, by: datetime | None = None) -> Filed:
    """Return a stored document, exactly as it was written; NotFound where there is none.

    A Z report also names the corrections that were written to it since. A receipt also tells
    what of its sale has gone back by an instant, by now if none.
    """
    if kind is Kind.RECEIPT:
        filed = _receipt(document_id, by or clock.now())
    else:
        read = {Kind.Z_REPORT: _z, Kind.CORRECTION: _correction}.get(kind)
        filed = read(document_id) if read else None
    if filed is None:
        raise NotFound(_("There is no such document."))
    return filed


def till_of(kind: Kind, document_id: int) -> int:
    """Return the till at which a stored document was made, without reading all of it."""
    query = select(ZReport.till_id).where(ZReport.id == document_id)
    if kind is Kind.RECEIPT:
        sold = select(Sale.till_id).join(Receipt, Receipt.sale_id == Sale.id)
        query = sold.where(Receipt.id == document_id)
    till_id = db.session.scalar(query)
    if till_id is None:
        raise NotFound(_("There is no such document."))
    return till_id


def _z(document_id: int) -> Filed | None:
    row = db.session.get(ZReport, document_id)
    if row is None:
        return None
    view = z_report.from_json(row.body)
    document = _sealed(z_paper.document(view), row)
    document = with_flag(document, corrections.in_words(corrections.of_shift(row.shift_id)))
    return Filed(
        kind=Kind.Z_REPORT,
        id=row.id,
        name=f"Z {view.number} {view.till_name}",
        shift_id=row.shift_id,
        till_id=row.till_id,
        store_name=view.store_name,
        document=document,
    )


def _correction(document_id: int) -> Filed | None:
    row = db.session.get(Correction, document_id)
    if row is None:
        return None
    view = corrections.from_json(row.body)
    return Filed(
        kind=Kind.CORRECTION,
        id=row.id,
        name=f"{row.name} {view.till_name}",
        shift_id=row.z_report.shift_id,
        till_id=row.till_id,
        store_name=view.store_name,
        document=_sealed(correction_paper.document(view), row),
    )


def _sealed(document: Document, row: ZReport | Correction) -> Document:
    """Return a record's document with its hash in short, and marked where no money is real."""
    z = row if isinstance(row, ZReport) else row.z_report
    is_practice = z.shift.till.store.account.is_practice
    proof = _("Hash %(hash)s", hash=row.short_hash)
    sealed = replace(document, foot=joined(document.foot, proof, by=". "))
    return with_flag(sealed, _("Practice, no real money") if is_practice else "")


def _receipt(document_id: int, by: datetime) -> Filed | None:
    row = db.session.get(Receipt, document_id)
    if row is None:
        return None
    view = receipt.from_json(row.body)
    document, back = receipt.document(view), receipt_refunds.section(row.sale, by)
    if back is not None:
        document = replace(document, sections=(*document.sections, back))
    return Filed(
        kind=Kind.RECEIPT,
        id=row.id,
        name=f"Receipt {view.number}",
        shift_id=row.sale.shift_id,
        till_id=row.sale.till_id,
        store_name=view.store_name,
        document=document,
    )


def with_flag(document: Document, flag: str) -> Document:
    """Return a document that says one thing more under its title, if there is any."""
    return replace(document, flags=(*document.flags, flag)) if flag else document


def as_printed(printing: Printing) -> Document:
    """Return the document as it was when printing it was asked for, in the language of that time.

    A copy has its number. A look is as the books say now.
    """
    if printing.kind in LOOKS:
        return in_language(looks.document(printing.kind, printing.document_id), printing.language)
    document = find(printing.kind, printing.document_id, by=printing.asked_at).document
    return in_language(with_flag(document, copy_flag(printing.copy)), printing.language)


def times_printed(kind: Kind, document_id: int) -> int:
    """Return how often a document has been printed."""
    query = select(func.count(Printing.id)).where(
        Printing.kind == kind, Printing.document_id == document_id
    )
    return db.session.scalar(query) or 0
