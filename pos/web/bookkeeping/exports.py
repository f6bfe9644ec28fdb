"""Tables as files for a manager: a page with a range of days, and the files themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import IO

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import clock
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import settings
from pos.models import Deed, Store
from pos.reports.exporting import csv_text, export_table, xlsx_file
from pos.reports.exporting.export_table import Export, Span
from pos.reports.exporting.exports import EXPORTS
from pos.services.auditing import audit
from pos.words import _

bp = Blueprint("exports", __name__, url_prefix="/exports")

MOST_DAYS = 366
_PIECE = 65_536
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NOT_IN_A_NAME = re.compile(r"[^\w\u1780-\u17d3.-]+")


@dataclass(frozen=True)
class Offer:
    """One table that can be taken along, or has nothing in these days."""

    name: str
    title: str
    is_empty: bool


@bp.get("", endpoint="exports")
def exports() -> ResponseReturnValue:
    """Show which tables have anything in a range of days; managers only."""
    store, today = _store(), clock.business_date(clock.now(), settings().day_starts_hour)
    typed = request.args.get("first"), request.args.get("last")
    first, last = typed[0] or str(today.replace(day=1)), typed[1] or str(today)
    offers: list[Offer] = []
    error, status = "", 200
    try:
        span = _read_span(store.id, first, last)
        offers = [_offer(name, span) for name in EXPORTS]
    except Refused as problem:
        error, status = problem.text, problem.status
    return render_template(
        "exports/exports.html",
        store_name=store.name,
        first=first,
        last=last,
        offers=offers,
        error=error,
    ), status


@bp.get("/<name>.<kind>")
def file(name: str, kind: str) -> ResponseReturnValue:
    """Send one table as a file; CSV flows as it is read, and memory stays small for both."""
    store = _store()
    if name not in EXPORTS or kind not in _TYPES:
        raise NotFound(_("There is no such file."))
    span = _read_span(store.id, request.args.get("first", ""), request.args.get("last", ""))
    export, me = EXPORTS[name], current_user.user
    days = {"first": str(span.first), "last": str(span.last)}
    audit.note(Deed.EXPORTED, me.who, f"{name}.{kind}", store.id, **days)
    rows = export_table.rows(export, span)
    pieces = csv_text.write(export, rows) if kind == "csv" else _xlsx(export, span)
    answer = Response(stream_with_context(pieces), content_type=_TYPES[kind])
    shop = _NOT_IN_A_NAME.sub("-", store.name).strip("-.")
    filename = f"{shop}_{span.first}_{span.last}_{name}.{kind}"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _xlsx(export: Export, span: Span) -> Iterator[bytes]:
    """Write the file beside, then send it: an Excel file is only whole at its end."""
    with TemporaryFile() as written:
        xlsx_file.write(export, export_table.rows(export, span), written)
        written.seek(0)
        yield from _pieces(written)


def _pieces(written: IO[bytes]) -> Iterator[bytes]:
    while piece := written.read(_PIECE):
        yield piece


def _store() -> Store:
    store: Store = current_user.user.store
    return store


def _offer(name: str, span: Span) -> Offer:
    return Offer(name, EXPORTS[name].title, export_table.is_empty(EXPORTS[name], span))


def _read_span(store_id: int, first: str, last: str) -> Span:
    try:
        span = Span(store_id, date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise BadInput(_("Choose a first and a last day.")) from None
    if span.first > span.last:
        raise BadInput(_("The first day is after the last."))
    if span.last - span.first >= timedelta(days=MOST_DAYS):
        raise BadInput(_("Take %(days)s days at most.", days=MOST_DAYS))
    return span
