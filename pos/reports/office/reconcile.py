"""The runs of reconciling, and what each found that differs from the books."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select

from pos.errors import NotFound
from pos.extensions import db
from pos.models import (
    Finding,
    ListFinding,
    Payment,
    ReconcileCheck,
    ReconcileListed,
    ReconcileRun,
    Store,
    Till,
    ZReport,
)
from pos.money import Money
from pos.reports import wording
from pos.reports.closing import exceptions
from pos.words import _

LISTED = 60
"""Runs on the page, newest first."""

FINDING: dict[Finding, str] = {
    Finding.AGREES: _("As booked"),
    Finding.MONEY_FOUND: _("The bank has money for a QR that the books called unpaid"),
    Finding.NOT_CONFIRMED: _("The bank does not confirm this payment any more"),
    Finding.SENT_BACK: _("The bank says that the money went back"),
    Finding.OTHER_FACTS: _("The bank tells of other money than was booked"),
}
"""Each finding as a line of the list tells it."""


LISTED_TEXT: dict[ListFinding, str] = {
    ListFinding.OURS_ONLY: _("In the books, and not in the bank's list"),
    ListFinding.THEIRS_ONLY: _("In the bank's list, and not in the books"),
    ListFinding.AMOUNT_DIFFERS: _("The bank's list has another amount"),
    ListFinding.RETURNED: _("The bank has given back another sum"),
}
"""Each way in which a bank's list may differ."""


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """One run in the list; `checked` counts pieces of money and QRs, `asked` questions."""

    id: int
    store_name: str
    on: date
    is_by_hand: bool
    began_at: datetime
    worked_at: datetime
    checked: int
    asked: int
    difference_count: int
    left: int
    trouble_text: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference; `is_open` where the attention list has it, `z_shift_id` 0 without a Z."""

    tran_id: str
    sale_number: int
    till_name: str
    amount: Money
    finding_text: str
    said: str
    at: datetime
    is_open: bool
    z_shift_id: int


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One payment on which a bank's own list differs; `tran_id` "" where it is not the store's."""

    reference: str
    tran_id: str
    finding_text: str
    ours: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """One run with its differences, oldest first, and those of the bank's own list."""

    line: RunLine
    differences: tuple[Difference, ...]
    listed: tuple[Listed, ...] = ()


def runs(store_id: int) -> tuple[RunLine, ...]:
    """Return a store's newest runs, newest first."""
    query = select(ReconcileRun).where(ReconcileRun.store_id == store_id)
    rows = db.session.scalars(query.order_by(ReconcileRun.id.desc()).limit(LISTED))
    return tuple(_line(row) for row in rows.all())


def of_run(store_id: int, run_id: int) -> RunReport:
    """Return one run of a store; NotFound, also where it is another store's."""
    row = db.session.get(ReconcileRun, run_id)
    if row is None or row.store_id != store_id:
        raise NotFound(_("There is no such run."))
    query = select(ReconcileCheck).where(*_differs(row)).order_by(ReconcileCheck.id)
    tills = select(Till.id).where(Till.store_id == store_id)
    waiting = {item.payment.id for item in exceptions.open_items(tills)}
    found = [_difference(one, waiting) for one in db.session.scalars(query).all()]
    return RunReport(line=_line(row), differences=tuple(found), listed=_listed(row))


def _listed(run: ReconcileRun) -> tuple[Listed, ...]:
    query = select(ReconcileListed).where(ReconcileListed.run_id == run.id)
    return tuple(
        Listed(
            reference=one.reference,
            tran_id=_shown_number(one.payment, run.store_id),
            finding_text=LISTED_TEXT[one.finding],
            ours=one.ours,
            theirs=one.theirs,
        )
        for one in db.session.scalars(query.order_by(ReconcileListed.id)).all()
    )


def _shown_number(payment: Payment | None, store_id: int) -> str:
    """Return the number that leads to a payment; two stores may share an account."""
    return payment.tran_id if payment and payment.till.store_id == store_id else ""


def in_lines(report: RunReport) -> list[str]:
    """Return a run as lines of text, for a terminal."""
    run = report.line
    lines = [
        f"{run.store_name}, {run.on}: {run.checked} held against the bank with {run.asked}"
        f" questions, {run.difference_count} differences, {run.left} left unasked."
    ]
    if run.left and run.trouble_text:
        lines.append(f"  {run.trouble_text} The rest is asked about at night.")
    for one in report.differences:
        where = f"sale {one.sale_number} at {one.till_name}, {one.amount}, {one.tran_id}"
        lines.append(f"  {one.finding_text}: {where}; {one.said}")
    for two in report.listed:
        told = f"books {two.ours or 'nothing'}, bank {two.theirs or 'nothing'}"
        lines.append(f"  {two.finding_text}: {two.reference}; {told}")
    return lines


def _differs(run: ReconcileRun) -> tuple[ColumnElement[bool], ...]:
    return (ReconcileCheck.run_id == run.id, ReconcileCheck.finding != Finding.AGREES)


def _count_listed(run: ReconcileRun) -> int:
    return _count(select(func.count(ReconcileListed.id)).where(ReconcileListed.run_id == run.id))


def _count(query: Select[int]) -> int:
    return db.session.scalar(query) or 0


def _line(row: ReconcileRun) -> RunLine:
    count = select(func.count(ReconcileCheck.id))
    store = db.session.get_one(Store, row.store_id)
    return RunLine(
        id=row.id,
        store_name=store.name,
        on=row.on,
        is_by_hand=row.is_by_hand,
        began_at=row.began_at,
        worked_at=row.worked_at,
        checked=_count(count.where(ReconcileCheck.run_id == row.id)),
        asked=row.asked,
        difference_count=_count(count.where(*_differs(row))) + _count_listed(row),
        left=row.left_unasked,
        trouble_text=wording.trouble_text(row.trouble),
    )


def _difference(row: ReconcileCheck, waiting: set[int]) -> Difference:
    payment = row.payment
    shift_id = payment.paid_shift_id or payment.sale.shift_id
    written = select(ZReport.id).where(ZReport.shift_id == shift_id)
    return Difference(
        tran_id=payment.tran_id,
        sale_number=payment.sale.number,
        till_name=payment.till.name,
        amount=payment.amount,
        finding_text=FINDING[row.finding],
        said=row.said,
        at=row.at,
        is_open=payment.id in waiting,
        z_shift_id=shift_id if db.session.scalar(written) else 0,
    )
