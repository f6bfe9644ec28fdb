"""A payer's own receipt on their phone: no login, no cookie, a link that nobody can guess.

A link that is wrong and one that has ended are answered alike, so nothing can be learned here.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from pos import clock
from pos.models import Sale
from pos.money import Money
from pos.reports import wording
from pos.reports.paperwork import receipt as report
from pos.reports.paperwork import receipt_refunds
from pos.reports.paperwork.receipt import ReceiptView, TenderLine
from pos.reports.paperwork.receipt_refunds import Back
from pos.services.paperwork import receipt_links, receipts
from pos.web.brake import Brake
from pos.web.languages import NAMES
from pos.words import Language

bp = Blueprint("ereceipts", __name__)

A_SECOND, AT_ONCE = 10, 60
"""How many links this process follows, right or wrong: in the long run, and in a burst."""

brake = Brake(A_SECOND, AT_ONCE)


@dataclass(frozen=True)
class EReceipt:
    """A receipt as it was written, and what went back of it since."""

    written: ReceiptView
    backs: tuple[Back, ...]
    sums: tuple[tuple[Money, Money], ...]

    def name_of(self, tender: TenderLine) -> str:
        """Return how a tender is called."""
        return wording.TENDER.get(tender.tender, tender.tender)


@bp.get("/r/<token>")
def receipt(token: str) -> ResponseReturnValue:
    """Show the receipt that a link leads to; it gets its number when it is first looked at."""
    if not brake.lets_pass():
        return _page("ereceipts/wait.html", status=429)
    sale = receipt_links.follow(token)
    if sale is None:
        return _page("ereceipts/gone.html", status=404)
    return _page("ereceipts/receipt.html", receipt=_read(sale), token=token)


def _read(sale: Sale) -> EReceipt:
    written = report.from_json(receipts.issue(sale.id).body)
    backs = receipt_refunds.of_sale(sale, clock.now())
    return EReceipt(written, backs, tuple(receipt_refunds.sums(sale, backs)))


def _page(template: str, *, status: int = 200, **given: object) -> Response:
    """Draw a page in the phone's language, as bare as can be: it asks for nobody's login."""
    with force_locale(_language()):
        text = current_app.jinja_env.get_template(template).render(**given)
    answer = Response(text, status)
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _language() -> Language:
    """Return what the switch on the page chose, else what the phone asks for, else English."""
    chosen = request.args.get("lang", "")
    if chosen in NAMES:
        return Language(chosen)
    return Language(request.accept_languages.best_match(list(NAMES), Language.ENGLISH))
