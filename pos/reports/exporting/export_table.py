"""What an export is: its columns, the query behind it, and how its rows are read.

Rows are read a page at a time, each page by a query of its own: a year needs no more memory
than a day, and no read holds the database up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, tuple_

from pos import clock
from pos.extensions import db
from pos.money import Currency, Money

PAGE = 500
"""Rows read at once."""

Rows = Select[*tuple[Any, ...]]
"""A query whose columns an export reads."""

Read = Row[*tuple[Any, ...]]
"""One row that it read."""

Cell = str | int | Decimal | date | datetime | None
"""One value of a row; an instant is given in the shop's own time, without a zone."""


class Sort(StrEnum):
    """What a column holds; a spreadsheet reckons with all but text."""

    TEXT = "text"
    USD = "usd"
    KHR = "khr"
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """One column. Money has a column for each currency, so that a sum over it is right."""

    name: str
    sort: Sort = Sort.TEXT


@dataclass(frozen=True)
class Span:
    """The business days of one store that are asked for, first and last included."""

    store_id: int
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Export:
    """One table: the query must select the `keys` first, which order it and grow row by row."""

    title: str
    columns: tuple[Column, ...]
    keys: tuple[Any, ...]
    query: Callable[[Span], Rows]
    cells: Callable[[Read], tuple[Cell, ...]]


def rows(export: Export, span: Span) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of an export, oldest first, with a page of them in memory at most."""
    query = export.query(span).order_by(*export.keys).limit(PAGE)
    last: tuple[Any, ...] = (0,) * len(export.keys)
    while True:
        # The first comparison is what an index can follow.
        after = (export.keys[0] >= last[0], tuple_(*export.keys) > tuple_(*last))
        page = db.session.execute(query.where(*after)).all()
        yield from (export.cells(row) for row in page)
        if len(page) < PAGE:
            return
        last = tuple(page[-1][: len(export.keys)])


def is_empty(export: Export, span: Span) -> bool:
    """Return whether there is nothing to take along."""
    return db.session.execute(export.query(span).limit(1)).first() is None


def in_currency(minor: int | None, of: Currency | None, wanted: Currency) -> Decimal | None:
    """Return an amount for the column of one currency; None where it is in the other."""
    return Money(minor, of).decimal if minor is not None and of is wanted else None


def moment(instant: datetime | None) -> datetime | None:
    """Return an instant as the shop's wall clock, as a spreadsheet takes it."""
    return clock.shop_time(instant).replace(tzinfo=None, microsecond=0) if instant else None
