"""Printing a document, and its PDF from the archive; the same for every document."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, NotFound
from pos.extensions import db
from pos.models import Device, Kind, Printing, Receipt, User
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.reports.paperwork.documents import Filed
from pos.services.paperwork import archive, printing, receipts
from pos.web.languages import flash, language
from pos.words import _

bp = Blueprint("paper", __name__, url_prefix="/paper")


def _find(kind: str, document_id: int) -> Filed:
    """Return a document that this person may see, as they may see its shift."""
    user: User = current_user.user
    filed = documents.find(Kind(kind), document_id) if kind in set(Kind) else None
    if filed is None or not receipts.may_see(filed.shift_id, user):
        raise NotFound(_("There is no such document."))
    return filed


def _page_of(filed: Filed) -> str:
    """Return where a document is shown on the screen."""
    if filed.kind is Kind.Z_REPORT:
        return url_for("shifts.report", shift_id=filed.shift_id)
    if filed.kind is Kind.CORRECTION:
        return url_for("corrections.correction", correction_id=filed.id)
    row = db.session.get_one(Receipt, filed.id)
    return url_for("receipts.receipt", sale_id=row.sale_id)


@bp.post("/<kind>/<int:document_id>/print")
def print_it(kind: str, document_id: int) -> ResponseReturnValue:
    """Count one more printing: on the till's receipt printer, or on a page for the browser's."""
    filed = _find(kind, document_id)
    wish = request.form.get("paper", "")
    if wish == "printer":
        device, paper = Device.PRINTER, Paper.ROLL
    elif wish in set(Paper):
        device, paper = Device.BROWSER, Paper(wish)
    else:
        raise BadInput(_("Choose a paper."))
    row = printing.ask(
        filed.kind, filed.id, device=device, paper=paper, who=current_user.who, language=language()
    )
    if device is Device.PRINTER:
        flash(_("Sent to the receipt printer."))
        return redirect(_page_of(filed), 303)
    return redirect(url_for(".sheet", printing_id=row.id), 303)


@bp.get("/print/<int:printing_id>")
def sheet(printing_id: int) -> ResponseReturnValue:
    """Show one counted printing as the sheet that the browser prints."""
    row = db.session.get(Printing, printing_id)
    if row is None or row.device is not Device.BROWSER:
        raise NotFound(_("There is no such document."))
    filed = _find(row.kind, row.document_id)
    return render_template(
        "paper/sheet.html",
        store_name=filed.store_name,
        document=documents.as_printed(row),
        spoken=row.language,
        paper=row.paper,
        back=_page_of(filed),
    )


@bp.post("/<kind>/<int:document_id>/pdf")
def want_pdf(kind: str, document_id: int) -> ResponseReturnValue:
    """Have the worker make a PDF for the archive."""
    filed = _find(kind, document_id)
    paper = request.form.get("paper", "")
    if paper not in set(Paper):
        raise BadInput(_("Choose a paper."))
    archive.want(filed.kind, filed.id, Paper(paper))
    flash(_("The PDF is being made. Look again in a moment."))
    return redirect(_page_of(filed), 303)


@bp.get("/<kind>/<int:document_id>/<paper>.pdf")
def pdf(kind: str, document_id: int, paper: str) -> ResponseReturnValue:
    """Send a PDF from the archive, exactly as it was made."""
    filed = _find(kind, document_id)
    row = archive.find(filed.kind, filed.id, Paper(paper)) if paper in set(Paper) else None
    if row is None or row.body is None:
        raise NotFound(_("There is no such PDF in the archive."))
    answer = Response(row.body, content_type="application/pdf")
    name = f"{filed.store_name} {filed.name} {paper}.pdf".replace("/", "-")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
