"""Which payments of a store fit filters and words, newest first: never by reading them all.

Each thing that the words may be is asked of its own index, for the newest that fit, and the
answers are laid together. What no index has, a piece of a note or a filter beside another, is
looked for in so many days at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import nlargest

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from pos import clock
from pos.extensions import db
from pos.models import GatewayAccount, GatewayTransaction, Payment, Receipt, Sale, Till
from pos.models.payment import tail_of
from pos.money import Currency
from pos.reports.office import payment_words
from pos.reports.office.payment_words import SHORT_HASH, Sought
from pos.states import PaymentStatus, Remark

PAGE = 50
"""Payments on one page."""

WINDOW_DAYS = 31
"""So many days are looked through at a time for what no index has."""

MOST_OF_A_PAYER = 1000
"""Payments that are found of one payer, or of one number of a sale, newest first."""

MOST_OF_A_TAIL = 10_000
"""Pieces of money that are looked at of all accounts that end alike, newest first."""

Found = tuple[datetime, int]
"""When a payment was made, and its id: the order of the list."""

_AFTER_ALL_HEX = "g"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which payments of which store are asked for; those before `before` in the list."""

    store_id: int
    text: str = ""
    state: PaymentStatus | None = None
    remark: Remark | None = None
    gateway: str = ""
    till_id: int = 0
    cashier_id: int = 0
    currency: Currency | None = None
    first: date | None = None
    last: date | None = None
    before: Found | None = None

    @property
    def is_indexed(self) -> bool:
        """Whether one index finds all of it: then every day is looked at."""
        rest = (self.gateway, self.cashier_id, self.currency)
        one = (self.text, self.state, self.remark)
        return not any(rest) and sum(map(bool, one)) <= 1


@dataclass(frozen=True)
class Window:
    """The days that are looked through; None is without an end."""

    first: date | None
    last: date | None


def window_of(wanted: Wanted, today: date) -> Window:
    """Return the days in which is looked for what no index has: 31, the newest that are asked."""
    last = wanted.last or today
    first = last - timedelta(days=WINDOW_DAYS - 1)
    return Window(max(first, wanted.first) if wanted.first else first, last)


def newest(wanted: Wanted, today: date) -> list[Found]:
    """Return the newest payments that fit, one more than a page has if there are more."""
    tills = tills_of(wanted)
    found = {one for query in _queries(wanted, tills, today) for one in _ask(query)}
    return nlargest(PAGE + 1, found)


def tills_of(wanted: Wanted) -> list[int]:
    """Return the tills that are meant: one of the store, or all; none if it is not the store's."""
    query = select(Till.id).where(Till.store_id == wanted.store_id)
    if wanted.till_id:
        query = query.where(Till.id == wanted.till_id)
    return list(db.session.scalars(query))


Query = Select[datetime, int]


def _ask(query: Query) -> Iterator[Found]:
    return ((row[0], row[1]) for row in db.session.execute(query))


def _queries(wanted: Wanted, tills: list[int], today: date) -> Iterator[Query]:
    """Give the queries, each of which an index answers; a till by itself, for its order."""
    narrow = window_of(wanted, today)
    days = Window(wanted.first, wanted.last) if wanted.is_indexed else narrow
    each = [_of_till(wanted, till, days) for till in tills]
    if not wanted.text:
        yield from each
        return
    sought = payment_words.read(wanted.text)
    for money in sought.amounts:
        fits = (Payment.amount_minor == money.minor, Payment.currency == money.currency)
        yield from (query.where(*fits) for query in each)
    if ids := _by_index(sought, wanted.store_id, tills):
        some = _of_ids(ids)
        yield _base(wanted, days, some).where(some.till_id.in_(tills))
    if sought.note:
        noted = Payment.plain_note.contains(sought.note, autoescape=True)
        yield from (_of_till(wanted, till, narrow).where(noted) for till in tills)


def _of_till(wanted: Wanted, till_id: int, days: Window) -> Query:
    return _base(wanted, days).where(Payment.till_id == till_id)


def _of_ids(ids: set[int]) -> type[Payment]:
    """Return payments that are taken by their ids before anything else is asked of them.

    A limit keeps the rest out: SQLite would rather walk through all that a till ever had.
    """
    taken = select(Payment).where(Payment.id.in_(ids)).limit(len(ids))
    return aliased(Payment, taken.subquery())


def _base(wanted: Wanted, days: Window, of: type[Payment] = Payment) -> Query:
    """Select those that fit of these payments, the newest first."""
    query: Query = select(of.made_at, of.id).where(*_filters(wanted, of))
    if wanted.cashier_id:
        # A value for each payment, not a join: PostgreSQL would read all sales for it.
        sold_by = select(Sale.cashier_id).where(Sale.id == of.sale_id).scalar_subquery()
        query = query.where(sold_by == wanted.cashier_id)
    if days.first:
        query = query.where(of.made_at >= clock.day_span(days.first)[0])
    if days.last:
        query = query.where(of.made_at < clock.day_span(days.last)[1])
    if wanted.before:
        at, payment_id = wanted.before
        older = or_(of.made_at < at, of.id < payment_id)
        query = query.where(of.made_at <= at, older)
    return query.order_by(of.made_at.desc(), of.id.desc()).limit(PAGE + 1)


def _filters(wanted: Wanted, of: type[Payment]) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield of.status == wanted.state
    if wanted.remark:
        yield of.remark == wanted.remark
    if wanted.currency:
        yield of.currency == wanted.currency
    if wanted.gateway:
        accounts = select(GatewayAccount.id).where(GatewayAccount.gateway == wanted.gateway)
        yield of.account_id.in_(list(db.session.scalars(accounts)))


def _by_index(sought: Sought, store_id: int, tills: list[int]) -> set[int]:
    """Return the payments that have one of these numbers, by an index each."""
    return {
        payment_id
        for query in (*_by_code(sought), *_by_number(sought, store_id, tills))
        for payment_id in db.session.scalars(query)
    }


def _by_code(sought: Sought) -> Iterator[Select[int]]:
    money = GatewayTransaction
    if code := sought.code:
        written = {code, code.lower(), code.upper()}
        yield select(Payment.id).where(Payment.tran_id.in_(written))
        yield select(Payment.id).where(Payment.lookup == code.lower())
        at_bank = select(money.payment_id).where(money.bank_reference.in_(written))
        yield at_bank.limit(MOST_OF_A_PAYER)
        for gateway in _gateways():
            known = money.gateway == gateway, money.reference.in_(written)
            yield select(money.payment_id).where(*known)
    if short := sought.short_hash:
        begins = (
            money.reference >= short,
            # Any hash that begins so lies before this in every collation of digits and letters.
            money.reference < short + _AFTER_ALL_HEX,
            func.substr(money.reference, 1, SHORT_HASH) == short,
        )
        for gateway in _gateways():
            yield select(money.payment_id).where(money.gateway == gateway, *begins)


def _by_number(sought: Sought, store_id: int, tills: list[int]) -> Iterator[Select[int]]:
    if payer := sought.payer:
        yield _of_payer(payer, tills)
    if number := sought.number:
        for till_id in tills:
            sales = select(Sale.id).where(Sale.till_id == till_id, Sale.number == number)
            latest = sales.order_by(Sale.id.desc()).limit(MOST_OF_A_PAYER)
            ids = list(db.session.scalars(latest))
            yield select(Payment.id).where(Payment.sale_id.in_(ids))
        receipt = select(Receipt.sale_id).where(Receipt.store_id == store_id)
        ids = list(db.session.scalars(receipt.where(Receipt.number == number)))
        yield select(Payment.id).where(Payment.sale_id.in_(ids))


def _of_payer(payer: str, tills: list[int]) -> Select[int]:
    """Select the payments of an account, or of every account that ends so.

    The newest of that end are taken before anything else is asked of them: PostgreSQL would
    read all money for a payer who comes every day.
    """
    kept = GatewayTransaction
    tail = select(kept.payment_id, kept.payer).where(kept.payer_tail == tail_of(payer))
    money = tail.order_by(kept.payment_id.desc()).limit(MOST_OF_A_TAIL).subquery().c
    account = func.lower(money.payer)
    ends = or_(
        account.endswith(payer, autoescape=True), account.contains(f"{payer}@", autoescape=True)
    )
    return (
        select(money.payment_id)
        .join(Payment, Payment.id == money.payment_id)
        .where(Payment.till_id.in_(tills))
        .where(account == payer if "@" in payer else ends)
        .order_by(money.payment_id.desc())
        .limit(MOST_OF_A_PAYER)
    )


def _gateways() -> list[str]:
    return list(db.session.scalars(select(GatewayAccount.gateway).distinct()))
