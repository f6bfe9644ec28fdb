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
"""Payments that are weighed of one payer, or of one number of a sale, newest first."""

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
    ordered = query.order_by(Payment.made_at.desc(), Payment.id.desc()).limit(PAGE + 1)
    return ((row[0], row[1]) for row in db.session.execute(ordered))


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
        yield _base(wanted, days).where(Payment.till_id.in_(tills), Payment.id.in_(ids))
    if sought.note:
        noted = Sale.note.icontains(sought.note, autoescape=True)
        yield from (_with_sale(_of_till(wanted, till, narrow)).where(noted) for till in tills)


def _of_till(wanted: Wanted, till_id: int, days: Window) -> Query:
    return _base(wanted, days).where(Payment.till_id == till_id)


def _with_sale(query: Query) -> Query:
    """Join the sale, once."""
    return query.join(Sale, Sale.id == Payment.sale_id)


def _base(wanted: Wanted, days: Window) -> Query:
    query: Query = select(Payment.made_at, Payment.id).where(*_filters(wanted))
    if wanted.cashier_id:
        # A sale of its own name: the search in notes joins it, too.
        mine = select(Sale.id).where(
            Sale.id == Payment.sale_id, Sale.cashier_id == wanted.cashier_id
        )
        query = query.where(mine.correlate(Payment).exists())
    if days.first:
        query = query.where(Payment.made_at >= clock.day_span(days.first)[0])
    if days.last:
        query = query.where(Payment.made_at < clock.day_span(days.last)[1])
    if wanted.before:
        at, payment_id = wanted.before
        older = or_(Payment.made_at < at, Payment.id < payment_id)
        query = query.where(Payment.made_at <= at, older)
    return query


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield Payment.status == wanted.state
    if wanted.remark:
        yield Payment.remark == wanted.remark
    if wanted.currency:
        yield Payment.currency == wanted.currency
    if wanted.gateway:
        accounts = select(GatewayAccount.id).where(GatewayAccount.gateway == wanted.gateway)
        yield Payment.account_id.in_(list(db.session.scalars(accounts)))


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
        yield select(Payment.id).where(Payment.tran_id == code)
        yield select(Payment.id).where(Payment.lookup == code.lower())
        yield select(money.payment_id).where(money.bank_reference == code).limit(MOST_OF_A_PAYER)
        for gateway in _gateways():
            at_bank = money.gateway == gateway
            yield select(money.payment_id).where(at_bank, money.reference.in_({code, code.lower()}))
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
    """Select the payments of an account, or of every account that ends so."""
    money, account = GatewayTransaction, func.lower(GatewayTransaction.payer)
    ends = or_(
        account.endswith(payer, autoescape=True), account.contains(f"{payer}@", autoescape=True)
    )
    return (
        select(money.payment_id)
        .join(Payment, Payment.id == money.payment_id)
        .where(money.payer_tail == tail_of(payer), Payment.till_id.in_(tills))
        .where(account == payer if "@" in payer else ends)
        .order_by(money.payment_id.desc())
        .limit(MOST_OF_A_PAYER)
    )


def _gateways() -> list[str]:
    return list(db.session.scalars(select(GatewayAccount.gateway).distinct()))
