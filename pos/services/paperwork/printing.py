"""Printing: each time is written down with its copy number before anything reaches paper.

A receipt printer is spoken to by the worker. A try of which nobody knows how it ended is not
repeated by itself, for paper may have come out: it is printed again as a copy, by a person.
"""

import logging
from datetime import timedelta

from sqlalchemy import func, select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import LOOKS, Device, Kind, Printer, Printing, Till
from pos.paper import printer as devices
from pos.paper.document import Paper
from pos.paper.printer import PrinterTrouble
from pos.reports.paperwork import documents
from pos.words import Language, _, joined

log = logging.getLogger(__name__)

TRIES = 5
"""How often a printer that cannot be reached is tried."""

KICK_SECONDS = 10
"""A drawer that did not open by then stays shut: nobody stands before it any more."""

UNKNOWN = _("It is not known whether this was printed. Print it again: the paper will say COPY.")

LOOK_UNKNOWN = _("It is not known whether this was printed. Look, and print it again.")


def ask(
    kind: Kind,
    document_id: int,
    *,
    device: Device,
    paper: Paper,
    who: str,
    language: Language = Language.ENGLISH,
) -> Printing:
    """Write down that a document is being printed, and as which copy; 0 is the original.

    A receipt printer then gets it from the worker. Refused where the till has none.
    """
    till_id = documents.find(kind, document_id).till_id
    row = Printing(kind=kind, document_id=document_id, till_id=till_id, device=device)
    row.paper, row.who, row.language = str(paper), who, language
    return _add(row)


def ask_look(kind: Kind, number: int, till_id: int, *, who: str, language: Language) -> Printing:
    """Have the worker print a look on a till's receipt printer; Refused where it has none."""
    row = Printing(kind=kind, document_id=number, till_id=till_id, device=Device.PRINTER)
    row.paper, row.who, row.language = str(Paper.ROLL), who, language
    return _add(row)


def _add(row: Printing) -> Printing:
    with writing(db.session):
        # Two at once must not both be the original.
        db.session.get_one(Till, row.till_id, populate_existing=True, with_for_update=True)
        is_for_worker = row.device is Device.PRINTER
        if is_for_worker and db.session.get(Printer, row.till_id) is None:
            raise Refused(_("This till has no receipt printer."))
        row.copy, row.asked_at = documents.times_printed(row.kind, row.document_id), clock.now()
        row.next_try_at = row.asked_at if is_for_worker else None
        db.session.add(row)
        db.session.flush()
    return row


def printers_of(store_id: int) -> list[Till]:
    """Return the tills of a store that have a receipt printer, by their names."""
    tills = select(Till).join(Printer, Printer.till_id == Till.id)
    return list(db.session.scalars(tills.where(Till.store_id == store_id).order_by(Till.name)))


def set_printer(till_id: int, address: str, *, has_drawer: bool) -> Printer | None:
    """Give a till a receipt printer, or with "" take it away; BadInput for a bad address."""
    if address:
        devices.read_address(address)
    with writing(db.session):
        row = db.session.get(Printer, till_id)
        if db.session.get(Till, till_id) is None:
            raise BadInput(_("There is no till %(till)s.", till=till_id))
        if not address:
            if row is not None:
                db.session.delete(row)
            return None
        row = row or Printer(till_id=till_id)
        row.address, row.has_drawer = address, has_drawer
        db.session.add(row)
    return row


def ask_kick(till_id: int) -> bool:
    """Ask the worker to open a till's drawer; return False where none hangs on a printer.

    Within an open transaction the drawer opens if that is kept: for each entry once.
    """
    wish = update(Printer).where(Printer.till_id == till_id, Printer.has_drawer)
    with writing(db.session):
        return rows_changed(db.session, wish.values(kick_asked_at=clock.now())) == 1


def print_due() -> None:
    """Open the drawers and print the documents that wait; a failure is kept with its words."""
    _kick_due()
    waiting = select(Printing.id, Printing.kind).where(Printing.next_try_at <= clock.now())
    for printing_id, kind in db.session.execute(waiting.order_by(Printing.id)).all():
        if _claim(printing_id, _unknown(kind)):
            _print(db.session.get_one(Printing, printing_id))


def _kick_due() -> None:
    query = select(Printer).where(Printer.kick_asked_at.is_not(None))
    for row in db.session.scalars(query).all():
        till_id, address, asked_at = row.till_id, row.address, row.kick_asked_at
        wish = update(Printer).where(Printer.till_id == till_id, Printer.kick_asked_at == asked_at)
        with writing(db.session):
            is_mine = rows_changed(db.session, wish.values(kick_asked_at=None)) == 1
        assert asked_at is not None
        if is_mine and asked_at >= clock.now() - timedelta(seconds=KICK_SECONDS):
            _kick(till_id, address)


def _kick(till_id: int, address: str) -> None:
    try:
        devices.send(address, devices.pulse())
    except PrinterTrouble as trouble:
        log.warning("the drawer of till %s was not opened: %s", till_id, trouble)


def _unknown(kind: Kind) -> str:
    return LOOK_UNKNOWN if kind in LOOKS else UNKNOWN


def _claim(printing_id: int, unknown: str) -> bool:
    """Take one waiting printing; from here on its end is unknown until it is written down."""
    wish = update(Printing).where(Printing.id == printing_id, Printing.next_try_at <= clock.now())
    values = {"next_try_at": None, "tries": Printing.tries + 1, "problem": unknown}
    with writing(db.session):
        return rows_changed(db.session, wish.values(**values)) == 1


def _print(row: Printing) -> None:
    """Print one, with no transaction open, and write down how it ended."""
    printing_id, kind, tries = row.id, row.kind, row.tries
    device = db.session.get(Printer, row.till_id)
    address = device.address if device else ""
    document = documents.as_printed(row)
    try:
        if not address:
            raise PrinterTrouble(_("This till has no receipt printer any more."))
        devices.send(address, devices.dots_of(document))
    except PrinterTrouble as trouble:
        is_over = trouble.has_begun or tries >= TRIES
        again = None if is_over else clock.now() + timedelta(seconds=5 * 2**tries)
        unknown = _unknown(kind)
        told = joined(trouble.text, unknown, by=" ") if trouble.has_begun else trouble.text
        _write_end(printing_id, problem=told, next_try_at=again)
    else:
        _write_end(printing_id, problem="", done_at=clock.now())


def _write_end(printing_id: int, **values: object) -> None:
    with writing(db.session):
        db.session.execute(update(Printing).where(Printing.id == printing_id).values(**values))


def latest(kind: Kind, document_id: int) -> Printing | None:
    """Return the newest printing of a document, if there is any."""
    newest = select(func.max(Printing.id)).where(
        Printing.kind == kind, Printing.document_id == document_id
    )
    return db.session.scalar(select(Printing).where(Printing.id == newest.scalar_subquery()))
