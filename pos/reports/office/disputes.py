"""Disputes as the screens show them: the list with its filters, and one with its history."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from pos import clock
from pos.errors import NotFound
from pos.extensions import db
from pos.models import Dispute, DisputeEntry, Payment, Till
from pos.money import Money
from pos.reports import wording
from pos.reports.closing.exceptions import Tills
from pos.reports.office.ages import length_text
from pos.states import DisputeDeed, DisputeKind, DisputeStatus
from pos.words import _

PAGE = 50
DUE_WITHIN = timedelta(days=1)
"""So long before its deadline an open dispute calls for a person."""

_NO_TEXT = _("ended")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which disputes are asked for; `start` is the first line of a later page, 0 for the first."""

    show: str = "open"
    kind: str = ""
    opened_by_id: int = 0
    start: int = 0


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One line of a history."""

    deed_text: str
    at: datetime
    by: str
    approved_by: str
    text: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class DisputeView:
    """One dispute; `tran_id` and `sale_number` are empty until a payment is known."""

    id: int
    till_id: int
    till_name: str
    tran_id: str
    sale_number: int
    kind_text: str
    status: DisputeStatus
    status_text: str
    tone: str
    amount: Money
    paid_at: datetime | None
    payer_digits: str
    opened_by: str
    opened_at: datetime
    due_at: datetime
    is_late: bool
    age_text: str
    due_text: str
    ended_at: datetime | None
    entries: tuple[EntryView, ...] = ()


@dataclass(frozen=True)
class DisputePage:
    """A page of the list; `following` is the `start` of the next one, 0 at the end."""

    lines: tuple[DisputeView, ...]
    following: int


def page(tills: Tills, wanted: Wanted) -> DisputePage:
    """Return disputes of these tills: open ones oldest first, all others newest first."""
    query = _shown(_of(tills), wanted)
    is_open = wanted.show in ("open", "late")
    if wanted.start:
        after = Dispute.id >= wanted.start if is_open else Dispute.id <= wanted.start
        query = query.where(after)
    order = Dispute.id.asc() if is_open else Dispute.id.desc()
    rows = db.session.scalars(query.order_by(order).limit(PAGE + 1)).all()
    lines = tuple(_view(row) for row in rows[:PAGE])
    return DisputePage(lines, rows[PAGE].id if len(rows) > PAGE else 0)


def _of(tills: Tills) -> Select[Dispute]:
    return select(Dispute).where(Dispute.till_id.in_(tills))


def _shown(query: Select[Dispute], wanted: Wanted) -> Select[Dispute]:
    if wanted.show in ("open", "late"):
        query = query.where(Dispute.status == DisputeStatus.OPEN)
    if wanted.show == "late":
        query = query.where(Dispute.due_at <= clock.now())
    if wanted.show == "ended":
        query = query.where(Dispute.status != DisputeStatus.OPEN)
    if wanted.kind:
        query = query.where(Dispute.kind == DisputeKind(wanted.kind))
    if wanted.opened_by_id:
        query = query.where(Dispute.opened_by_id == wanted.opened_by_id)
    return query


def count_due(tills: Tills) -> int:
    """Return how many open disputes of these tills are late, or will be within a day."""
    query = select(func.count(Dispute.id)).where(
        Dispute.till_id.in_(tills),
        Dispute.status == DisputeStatus.OPEN,
        Dispute.due_at <= clock.now() + DUE_WITHIN,
    )
    return db.session.scalar(query) or 0


def find(tills: Tills, dispute_id: int) -> DisputeView:
    """Return one dispute with its history; NotFound, also where it is of another till."""
    query = _of(tills).where(Dispute.id == dispute_id).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(_("There is no such dispute."))
    entries = select(DisputeEntry).where(DisputeEntry.dispute_id == row.id)
    history = tuple(_entry(one) for one in db.session.scalars(entries.order_by(DisputeEntry.id)))
    return replace(_view(row), entries=history)


def of_payment(payment_id: int) -> tuple[DisputeView, ...]:
    """Return the disputes about one payment, newest first."""
    query = select(Dispute).where(Dispute.payment_id == payment_id)
    return tuple(_view(row) for row in db.session.scalars(query.order_by(Dispute.id.desc())))


def payment_of(tills: Tills, tran_id: str) -> Payment:
    """Return the payment of a number; NotFound, also where it is of another till."""
    query = select(Payment).where(Payment.tran_id == tran_id, Payment.till_id.in_(tills))
    payment = db.session.scalar(query)
    if payment is None:
        raise NotFound(_("There is no payment of this number here."))
    return payment


def tills_by_name(tills: Tills) -> tuple[Till, ...]:
    """Return the tills at which a claim may be written down."""
    return tuple(db.session.scalars(select(Till).where(Till.id.in_(tills)).order_by(Till.id)))


def _view(row: Dispute) -> DisputeView:
    now = clock.now()
    text, tone = wording.DISPUTE_STATUS[row.status]
    is_open = row.status is DisputeStatus.OPEN
    is_late = is_open and row.due_at <= now
    if is_late:
        text, tone = _("Late"), "problem"
    return DisputeView(
        id=row.id,
        till_id=row.till_id,
        till_name=row.till.name,
        tran_id=row.payment.tran_id if row.payment else "",
        sale_number=row.payment.sale.number if row.payment else 0,
        kind_text=wording.DISPUTE_KIND[row.kind],
        status=row.status,
        status_text=text,
        tone=tone,
        amount=row.amount,
        paid_at=row.paid_at,
        payer_digits=row.payer_digits,
        opened_by=row.opened_by.display_name,
        opened_at=row.opened_at,
        due_at=row.due_at,
        is_late=is_late,
        age_text=length_text((row.ended_at or now) - row.opened_at),
        due_text=_due_text(row.due_at - now) if is_open else _NO_TEXT,
        ended_at=row.ended_at,
    )


def _due_text(left: timedelta) -> str:
    if left <= timedelta():
        return _("late by %(time)s", time=length_text(-left))
    return _("%(time)s left", time=length_text(left))


def _entry(row: DisputeEntry) -> EntryView:
    told = wording.DISPUTE_DEED[row.deed]
    if row.deed is DisputeDeed.ENDED:
        told = wording.DISPUTE_STATUS[row.status][0]
    return EntryView(
        deed_text=told,
        at=row.at,
        by=row.by.display_name,
        approved_by=row.approved_by.display_name if row.approved_by else "",
        text=row.text,
        reference=row.reference,
    )
