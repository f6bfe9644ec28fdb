"""Sheets that a receipt printer gives and nobody files: how a shift stands, what a day came to.

They are made of the books when they are printed, and have no copies: each may say another thing.
"""

from dataclasses import replace
from datetime import date, timedelta

from pos.errors import NotFound
from pos.extensions import db
from pos.models import Kind, Shift, Till
from pos.paper.document import Document
from pos.reports.closing import day, x_report
from pos.reports.paperwork import day_paper, x_paper
from pos.states import UNCLOSED
from pos.words import _

_BEGIN, _DAYS = date(2000, 1, 1), 100_000


def day_number(till_id: int, on: date) -> int:
    """Return the number by which a day's sheet at the printer of one till is asked for."""
    return till_id * _DAYS + (on - _BEGIN).days


def document(kind: Kind, number: int) -> Document:
    """Return the sheet as the books say now: of a shift's number, or of a `day_number`.

    An X that is told blind has no cash in it. NotFound where there is no such shift or till.
    """
    till_id, days = divmod(number, _DAYS) if kind is Kind.DAY else (None, 0)
    shift = db.session.get(Shift, number) if till_id is None else None
    till = shift.till if shift else db.session.get(Till, till_id or 0)
    if till is None:
        raise NotFound(_("There is no such document."))
    if shift is None:
        sheet = day_paper.document(day.gather(till.store, _BEGIN + timedelta(days)))
    else:
        sheet = _x(shift, is_blind=kind is Kind.X_BLIND)
    practice = (_("Practice, no real money"),) if till.store.account.is_practice else ()
    return replace(sheet, flags=(*sheet.flags, *practice))


def _x(shift: Shift, *, is_blind: bool) -> Document:
    sheet = x_paper.document(x_report.gather(shift, is_blind=is_blind))
    if shift.status in UNCLOSED:
        return sheet
    # It was closed while the printer was waited for.
    return replace(sheet, flags=(_("The shift is closed by now: only its Z report counts"),))
