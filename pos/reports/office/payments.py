"""The payments of a store as a list: a page of them, newest first, or a cashier's last five."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale, Shift, Till, User
from pos.money import Money
from pos.permissions import Right
from pos.reports import wording
from pos.reports.counter.recent import RECENT
from pos.reports.office import payment_search, payment_words
from pos.reports.office.payment_search import PAGE, Found, Wanted, Window
from pos.states import UNCLOSED


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One payment of the list; `payer` is "" until somebody paid."""

    tran_id: str
    at: datetime
    sale_number: int
    till_name: str
    cashier_name: str
    amount: Money
    gateway: str
    payer: str
    note: str
    status_text: str
    tone: str
    remark_text: str


@dataclass(frozen=True, kw_only=True)
class PaymentPage:
    """A page of the list; `older` is what the next begins before.

    `window` are the days that were looked at, where not all were.
    """

    lines: tuple[PaymentLine, ...] = ()
    older: Found | None = None
    window: Window | None = None
    is_narrow_in_notes: bool = False
    """Whether only a note was looked for in those days alone."""


def page(wanted: Wanted, today: date) -> PaymentPage:
    """Return the newest payments that fit; `today` is where days without an end stop."""
    found = payment_search.newest(wanted, today)
    shown = found[:PAGE]
    in_notes = wanted.is_indexed and _may_be_a_note(wanted)
    is_cut = in_notes or not wanted.is_indexed
    return PaymentPage(
        lines=_lines([payment_id for _at, payment_id in shown]),
        older=shown[-1] if len(found) > PAGE else None,
        window=payment_search.window_of(wanted, today) if is_cut else None,
        is_narrow_in_notes=in_notes,
    )


def _may_be_a_note(wanted: Wanted) -> bool:
    return bool(payment_words.read(wanted.text).note)


def last_of_shift(user: User) -> PaymentPage:
    """Return the last payments of a person's own shift, the open one; none without a shift."""
    ids = list(db.session.scalars(_own_last(user)))
    return PaymentPage(lines=_lines(ids))


def visible(user: User, tran_id: str) -> Payment | None:
    """Return one payment, if this person may see it: the store's, or the own shift's last."""
    if not tran_id.isprintable():
        return None
    query = select(Payment).where(Payment.tran_id == tran_id)
    if user.may(Right.SEE_ALL_TILLS):
        query = query.join(Till, Till.id == Payment.till_id).where(Till.store_id == user.store_id)
        return db.session.scalar(query)
    ids = list(db.session.scalars(_own_last(user)))
    return db.session.scalar(query.where(Payment.id.in_(ids)))


def _own_last(user: User) -> Select[int]:
    own = select(Shift.id).where(Shift.cashier_id == user.id, Shift.status.in_(UNCLOSED))
    mine = select(Payment.id).join(Sale, Sale.id == Payment.sale_id).where(Sale.shift_id.in_(own))
    return mine.order_by(Payment.id.desc()).limit(RECENT)


def _lines(ids: list[int]) -> tuple[PaymentLine, ...]:
    query = (
        select(Payment, User.display_name)
        .join(Payment.sale)
        .join(User, User.id == Sale.cashier_id)
        .where(Payment.id.in_(ids))
        .options(
            contains_eager(Payment.sale), joinedload(Payment.till), joinedload(Payment.account)
        )
    )
    rows = {row[0].id: (row[0], row[1]) for row in db.session.execute(query)}
    payers = _payers(ids)
    return tuple(_line(*rows[one], payers.get(one, "")) for one in ids)


def _payers(ids: list[int]) -> dict[int, str]:
    query = select(GatewayTransaction).where(GatewayTransaction.payment_id.in_(ids))
    return {money.payment_id: money.payer for money in db.session.scalars(query)}


def _line(payment: Payment, cashier_name: str, payer: str) -> PaymentLine:
    text, tone = wording.status_of(payment.status, payment.remark)
    return PaymentLine(
        tran_id=payment.tran_id,
        at=payment.made_at,
        sale_number=payment.sale.number,
        till_name=payment.till.name,
        cashier_name=cashier_name,
        amount=payment.amount,
        gateway=payment.account.gateway,
        payer=payer,
        note=payment.sale.note,
        status_text=text,
        tone=tone,
        remark_text=wording.REMARK[payment.remark] if payment.remark else "",
    )
