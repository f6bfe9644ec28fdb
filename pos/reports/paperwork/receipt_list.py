"""The paid sales whose receipts a person may print: the newest, or those that fit some words.

A number is found in all days, by its index. What no index has, an amount or a piece of a note,
is looked for in the shifts of the last days only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select

from pos.extensions import db
from pos.models import Receipt, Sale, Shift, Till, User
from pos.money import Money
from pos.permissions import Right
from pos.reports.office import payment_words
from pos.reports.office.payment_words import Sought
from pos.states import SaleStatus

LISTED = 100
"""How many paid sales the list shows, newest first."""

DAYS = 31
"""In so many business days, today's the last, amounts and notes are looked for."""


@dataclass(frozen=True)
class PaidSale:
    """One paid sale in the list; `receipt_number` 0 means that it has no receipt yet."""

    id: int
    number: int
    till_name: str
    paid_at: datetime
    amount: Money
    note: str
    receipt_number: int


def newest(user: User, typed: str, today: date) -> tuple[PaidSale, ...]:
    """Return the paid sales that fit, newest first: the person's own, or all of their store.

    All fit where nothing was typed.
    """
    query = _visible(user).order_by(Sale.id.desc()).limit(LISTED)
    if typed.strip():
        sought = payment_words.read(typed)
        ids = {one for wish in _queries(user, sought, today) for one in db.session.scalars(wish)}
        query = query.where(Sale.id.in_(sorted(ids, reverse=True)[:LISTED]))
    return tuple(_line(*row) for row in db.session.execute(query))


def _visible(user: User) -> Select[Sale, str, int]:
    query: Select[Sale, str, int] = (
        select(Sale, Till.name, Receipt.number)
        .join(Till, Till.id == Sale.till_id)
        .outerjoin(Receipt, Receipt.sale_id == Sale.id)
        .where(*_own(user))
    )
    return query


def _own(user: User) -> tuple[ColumnElement[bool], ...]:
    """What a person may see: paid sales of their store; a cashier's, of their own shifts."""
    store = Sale.till_id.in_(select(Till.id).where(Till.store_id == user.store_id))
    paid = Sale.status == SaleStatus.PAID
    if user.may(Right.SEE_ALL_TILLS):
        return store, paid
    mine = select(Shift.id).where(Shift.cashier_id == user.id)
    return store, paid, Sale.shift_id.in_(mine)


def _queries(user: User, sought: Sought, today: date) -> Iterator[Select[int]]:
    """Ask for each thing that the words may be, the newest that fit."""
    of_sale = select(Sale.id).where(*_own(user)).order_by(Sale.id.desc()).limit(LISTED)
    if sought.number:
        yield of_sale.where(Sale.number == sought.number)
        numbered = select(Receipt.sale_id).where(
            Receipt.store_id == user.store_id, Receipt.number == sought.number
        )
        yield of_sale.where(Sale.id.in_(numbered))
    fits: list[ColumnElement[bool]] = [
        (Sale.amount_minor == one.minor) & (Sale.currency == one.currency) for one in sought.amounts
    ]
    if sought.note:
        fits.append(Sale.note.icontains(sought.note, autoescape=True))
    if fits:
        yield of_sale.where(or_(*fits), Sale.shift_id.in_(_late_shifts(user, today)))


def _late_shifts(user: User, today: date) -> list[int]:
    """Return the shifts of the last days: by their ids a sale is found without reading them all."""
    query = (
        select(Shift.id)
        .join(Till, Till.id == Shift.till_id)
        .where(Till.store_id == user.store_id, Shift.business_date > today - timedelta(days=DAYS))
    )
    return list(db.session.scalars(query))


def _line(sale: Sale, till_name: str, number: int | None) -> PaidSale:
    assert sale.paid_at is not None
    return PaidSale(
        sale.id, sale.number, till_name, sale.paid_at, sale.amount, sale.note, number or 0
    )
