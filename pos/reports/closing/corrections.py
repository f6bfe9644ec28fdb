"""A correction as its record says it: what was learned about a closed shift after its Z report.

Money stands here to be told; it counts in the report of the shift in which it was found or given
back. A count stands here alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Select, select

from pos import clock
from pos.extensions import db
from pos.models import Correction, CorrectionKind, Shift, Till, ZReport
from pos.money import Currency, Money
from pos.reports.closing import drawer, z_report
from pos.version import __version__
from pos.words import _


@dataclass(frozen=True, kw_only=True)
class CountChange:
    """One currency of a drawer that was counted later; `before` None: nobody had counted it."""

    currency: Currency
    expected: Money
    before: Money | None
    counted: Money
    over: Money


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one kind of correction tells, beside what each of them does."""

    sale_number: int | None = None
    amount: Money | None = None
    at: datetime | None = None
    what: str = ""
    tran_id: str = ""
    reference: str = ""
    counts: tuple[CountChange, ...] = ()
    notes: dict[str, dict[str, int]] = field(default_factory=dict)
    reason_text: str = ""
    note: str = ""
    entered_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """All of one correction; `business_day` and the names are those of the Z that it is about."""

    number: int
    kind: CorrectionKind
    z_number: int
    business_day: date
    merchant_name: str
    store_name: str
    till_name: str
    opened_by: str
    written_at: datetime
    version: str
    told: Told


@cache
def _adapter() -> TypeAdapter[CorrectionView]:
    return TypeAdapter(CorrectionView)


def to_json(view: CorrectionView) -> str:
    """Return a correction as the text that is stored for good."""
    return _adapter().dump_json(view).decode()


def from_json(body: str) -> CorrectionView:
    """Return a stored correction, exactly as it was written."""
    return _adapter().validate_json(body)


def gather(report: ZReport, number: int, kind: CorrectionKind, told: Told) -> CorrectionView:
    """Return what a correction says of a report, under this number."""
    shift = report.shift
    return CorrectionView(
        number=number,
        kind=kind,
        z_number=report.number,
        business_day=shift.business_date,
        merchant_name=shift.till.store.merchant.name,
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        opened_by=shift.cashier.display_name,
        written_at=clock.now(),
        version=__version__,
        told=told,
    )


def of_shift(shift_id: int) -> tuple[Correction, ...]:
    """Return the corrections of a shift's report, oldest first."""
    query = select(Correction).join(ZReport, ZReport.id == Correction.z_report_id)
    return _rows(query.where(ZReport.shift_id == shift_id))


def of_shifts(shift_ids: Iterable[int]) -> dict[int, tuple[Correction, ...]]:
    """Return the corrections of many shifts' reports, oldest first, by shift."""
    query = select(Correction, ZReport.shift_id).join(ZReport, ZReport.id == Correction.z_report_id)
    query = query.where(ZReport.shift_id.in_(list(shift_ids))).order_by(Correction.id)
    found: dict[int, tuple[Correction, ...]] = {}
    for row, shift_id in db.session.execute(query):
        found[shift_id] = (*found.get(shift_id, ()), row)
    return found


def in_words(rows: tuple[Correction, ...]) -> str:
    """Return what a Z report says of its corrections: "Corrected by C-3, C-5", or "" for none."""
    names = ", ".join(row.name for row in rows)
    return _("Corrected by %(names)s", names=names) if rows else ""


def about_day(store_id: int, on: date) -> tuple[Correction, ...]:
    """Return the corrections of the reports of a store's business day, whenever written."""
    query = (
        select(Correction)
        .join(ZReport, ZReport.id == Correction.z_report_id)
        .join(Shift, Shift.id == ZReport.shift_id)
        .join(Till, Till.id == Correction.till_id)
    )
    return _rows(query.where(Till.store_id == store_id, Shift.business_date == on))


def written_on(store_id: int, on: date) -> tuple[Correction, ...]:
    """Return the corrections that were written on a store's business day, whatever they are of."""
    query = select(Correction).join(Till, Till.id == Correction.till_id)
    return _rows(query.where(Till.store_id == store_id, Correction.written_on == on))


def _rows(query: Select[Correction]) -> tuple[Correction, ...]:
    return tuple(db.session.scalars(query.order_by(Correction.id)))


def last_counted(shift: Shift) -> tuple[Money, Money] | None:
    """Return what was last counted in a shift's drawer, at the close or later; None if never."""
    for row in reversed(of_shift(shift.id)):
        if counts := from_json(row.body).told.counts:
            return counts[0].counted, counts[1].counted
    at_close = drawer.counts(shift.id)
    return at_close[-1].cash.both if at_close else None


def expected(report: ZReport) -> tuple[Money, Money]:
    """Return what a report says should be in the drawer, dollars then riel."""
    cash = z_report.from_json(report.body).cash
    lines = cash.lines if cash is not None else drawer.lines(report.shift)
    return lines[0].expected, lines[1].expected
