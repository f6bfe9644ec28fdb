"""Signs by cashier and by till: how many, how many for 100 sales, and how that is beside others.

Nothing here says that anybody did wrong; it says where one look may be worth its while.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import median

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.models import Sale, Shift, Till, User
from pos.money import Currency, Money
from pos.reports import wording
from pos.reports.office.sign_rows import ROWS, Asked, Sign
from pos.reports.office.spans import Span, shifts_of
from pos.words import _

MOST_ROWS = 200

SIGN: dict[Sign, str] = {
    Sign.CANCELLED: _("QRs cancelled after they were shown"),
    Sign.VOIDED: _("Sales given up"),
    Sign.REFUNDED: _("Refunds"),
    Sign.NO_SALE: _("Drawer opened without a sale"),
    Sign.MARKED: _("Marked as paid by hand"),
    Sign.REPRINTED: _("Receipts printed again"),
    Sign.RECEIPT_MISFIT: _("Receipts shown that did not fit"),
    Sign.DISCOUNTED: _("Discounts given"),
}
"""Each sign as pages call it."""


@dataclass(frozen=True)
class Limits:
    """From when on a number is worth a look: so many, and so many times the median."""

    least: int
    times: int


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number of one cashier or till; `rate` is for 100 sales, None where none was made."""

    whose_id: int
    count: int
    rate: Fraction | None
    worth_a_look: bool

    @property
    def rate_text(self) -> str:
        """The rate with one decimal, "2.5"; "" for none."""
        return _one_decimal(self.rate)


@dataclass(frozen=True, kw_only=True)
class SignLine:
    """One sign: the store's median rate, and a number for each cashier or till."""

    sign: Sign
    text: str
    median: Fraction
    cells: tuple[Cell, ...]

    @property
    def median_text(self) -> str:
        """The median rate with one decimal."""
        return _one_decimal(self.median)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """All signs of all cashiers, or of all tills; `sales` are each one's, in the same order."""

    names: tuple[str, ...]
    sales: tuple[int, ...]
    lines: tuple[SignLine, ...]


@dataclass(frozen=True, kw_only=True)
class Signs:
    """The signs of some days."""

    cashiers: Grid
    tills: Grid

    @property
    def is_empty(self) -> bool:
        """Whether nobody sold anything and there is nothing to count."""
        return not self.cashiers.names


@dataclass(frozen=True, kw_only=True)
class RowLine:
    """One row behind a number. `is_closed` says that its shift has a report."""

    at: datetime
    till_name: str
    cashier_name: str
    sale_id: int | None
    sale_number: int | None
    is_paid: bool
    shift_id: int | None
    is_closed: bool
    amount: Money | None
    why: str


def of_store(user: User, span: Span, limits: Limits) -> Signs:
    """Return the signs of these days at the tills that this person sees."""
    counts = {sign: _counts(Asked(user, span), sign) for sign in Sign}
    sales = _sales(user, span)
    names = _names(user)
    grids = [_grid(at, names[at], sales, counts, limits) for at in (0, 1)]
    return Signs(tills=grids[0], cashiers=grids[1])


Numbers = dict[tuple[int, int], int]
"""A number for each till and cashier."""


def _counts(asked: Asked, sign: Sign) -> Numbers:
    rows = ROWS[sign](asked).subquery()
    query = select(rows.c.till_id, rows.c.cashier_id, func.count())
    query = query.group_by(rows.c.till_id, rows.c.cashier_id)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _sales(user: User, span: Span) -> Numbers:
    shifts = shifts_of(user, span)
    query = select(shifts.c.till_id, shifts.c.cashier_id, func.count())
    query = query.join(Sale, Sale.shift_id == shifts.c.id)
    query = query.group_by(shifts.c.till_id, shifts.c.cashier_id)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _grid(
    at: int,
    names: dict[int, str],
    sales: Numbers,
    counts: dict[Sign, Numbers],
    limits: Limits,
) -> Grid:
    seen = {key[at] for some in (sales, *counts.values()) for key in some}
    ids = sorted((one for one in seen if one in names), key=lambda one: names[one])
    sold = {one: _sum(sales, at, one) for one in ids}
    return Grid(
        names=tuple(names[one] for one in ids),
        sales=tuple(sold.values()),
        lines=tuple(_line(sign, counts[sign], at, sold, limits) for sign in Sign),
    )


def _line(sign: Sign, some: Numbers, at: int, sold: dict[int, int], limits: Limits) -> SignLine:
    counts = {one: _sum(some, at, one) for one in sold}
    rates = {one: Fraction(100 * counts[one], sold[one]) if sold[one] else None for one in sold}
    usual = median([rate for rate in rates.values() if rate is not None] or [Fraction(0)])
    cells = [
        Cell(
            whose_id=one,
            count=counts[one],
            rate=rates[one],
            worth_a_look=is_worth_a_look(counts[one], rates[one], usual, limits),
        )
        for one in sold
    ]
    return SignLine(sign=sign, text=SIGN[sign], median=Fraction(usual), cells=tuple(cells))


def is_worth_a_look(count: int, rate: Fraction | None, usual: Fraction, limits: Limits) -> bool:
    """Return whether a number stands out: not few, and its rate far above the median.

    What somebody did who made no sale at all stands out by its number alone.
    """
    if count < limits.least:
        return False
    return rate is None or (rate > usual and rate >= usual * limits.times)


def _sum(some: Numbers, at: int, one: int) -> int:
    return sum(count for key, count in some.items() if key[at] == one)


def _names(user: User) -> tuple[dict[int, str], dict[int, str]]:
    tills = select(Till.id, Till.name).where(Till.store_id == user.store_id)
    people = select(User.id, User.display_name).where(User.store_id == user.store_id)
    found = [{row[0]: row[1] for row in db.session.execute(it)} for it in (tills, people)]
    return found[0], found[1]


def rows(user: User, span: Span, sign: Sign, *, till_id: int, cashier_id: int) -> list[RowLine]:
    """Return the newest rows behind a number; 0 stands for every till, or every cashier."""
    told = ROWS[sign](Asked(user, span)).subquery()
    query = (
        select(told, Till.name, User.display_name, Sale.number, Sale.status, Shift.closed_at)
        .join(Till, Till.id == told.c.till_id)
        .join(User, User.id == told.c.cashier_id)
        .outerjoin(Sale, Sale.id == told.c.sale_id)
        .outerjoin(Shift, Shift.id == told.c.shift_id)
    )
    if till_id:
        query = query.where(told.c.till_id == till_id)
    if cashier_id:
        query = query.where(told.c.cashier_id == cashier_id)
    query = query.order_by(told.c.at.desc()).limit(MOST_ROWS)
    return [_row(sign, row) for row in db.session.execute(query)]


def _row(sign: Sign, row: tuple) -> RowLine:  # type: ignore[type-arg]
    till_id, cashier_id, sale_id, shift_id, at, minor, currency, why, *named = row
    till_name, cashier_name, number, status, closed_at = named
    return RowLine(
        at=clock.from_epoch_ms(at),
        till_name=till_name,
        cashier_name=cashier_name,
        sale_id=sale_id,
        sale_number=number,
        is_paid=status == "paid",
        shift_id=shift_id,
        is_closed=closed_at is not None,
        amount=None if minor is None else Money(int(minor), Currency(currency)),
        why=_why(sign, why or ""),
    )


def _why(sign: Sign, why: str) -> str:
    if sign is Sign.MARKED:
        return why
    return wording.MOVEMENT_REASON.get(why) or wording.DISCOUNT_REASON.get(why) or ""


def _one_decimal(rate: Fraction | None) -> str:
    if rate is None:
        return ""
    tenths = round(rate * 10)
    return f"{tenths // 10}.{tenths % 10}"
