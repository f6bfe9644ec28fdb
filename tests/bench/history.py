"""Books that have been kept for long: many paid sales put into them at once, by the database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)

from pos.database import Base, writing
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Sale, Shift, ZReport

Values = Mapping[str, Any]
"""What a copy has instead, column by column."""

Of = Callable[[ColumnElement[int]], ColumnElement[int]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The shift and the till of each copy, reckoned from its number."""

    shift_of: Of
    till_of: Of


def numbers(count: int) -> CTE:
    """Return the numbers from 1 to `count` as a table with one column, `i`."""
    first = select(literal(1).label("i")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.i + 1).where(first.c.i < count))


def copy(table: type[Base], row_id: int, many: CTE, values: Values) -> None:
    """Add a copy of one row for each number, with these columns changed."""
    source: Table = table.__table__  # type: ignore[assignment]
    taken = [values.get(column.name, column) for column in source.columns]
    rows = select(*taken).select_from(source.join(many, literal(True))).where(source.c.id == row_id)
    db.session.execute(insert(source).from_select([one.name for one in source.columns], rows))


def newest(table: Any) -> int:
    """Return the largest id of a table."""
    return db.session.scalar(select(func.max(table.id))) or 0


def _text(prefix: str, number: ColumnElement[Any]) -> ColumnElement[Any]:
    return literal(prefix) + cast(number, String)


def add_sales(payment_id: int, count: int, place: Place, mark: str) -> None:
    """Add so many copies of a paid sale; `mark` tells them from all others."""
    many, sample = numbers(count), db.session.get_one(Payment, payment_id)
    shift_of, till_of = place.shift_of, place.till_of
    i, sale, payment = many.c.i, newest(Sale), newest(Payment)
    money, event = newest(GatewayTransaction), newest(PaymentEvent)
    sold = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == sample.id)
    told = select(PaymentEvent.id).where(PaymentEvent.payment_id == sample.id)
    with writing(db.session):
        ids = sample.sale_id, sample.id, db.session.scalar(sold), db.session.scalar(told.limit(1))
        at = {"shift_id": shift_of(i), "till_id": till_of(i)}
        given = {"id": sale + i, "number": 10 + i, "key": _text(mark, i), **at}
        copy(Sale, ids[0], many, given)
        given = {"id": payment + i, "sale_id": sale + i, "tran_id": _text(mark, i)}
        paid = {"lookup": _text(mark, i), "paid_shift_id": shift_of(i), "till_id": till_of(i)}
        copy(Payment, ids[1], many, {**given, **paid})
        given = {"id": money + i, "payment_id": payment + i, "settles_sale_id": sale + i}
        copy(GatewayTransaction, ids[2] or 0, many, {**given, "reference": _text(mark, i)})
        copy(PaymentEvent, ids[3] or 0, many, {"id": event + i, "payment_id": payment + i})
    _go_on_counting()


def _go_on_counting() -> None:
    """Let the database hand out ids after those that were put in; and look at what it has."""
    if db.engine.dialect.name == "postgresql":
        with writing(db.session):
            for table in (Sale, Payment, GatewayTransaction, PaymentEvent, Shift, ZReport):
                name = table.__tablename__
                db.session.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {newest(table)})")
                )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
