"""How long the list of payments takes to answer among a million, for each thing that is sought."""

from collections.abc import Iterator
from urllib.parse import urlencode

from sqlalchemy import text

from pos import clock
from pos.database import writing
from pos.extensions import db
from tests.bench.books import Books, Cost, look

DAYS = 700
"""So many days back the oldest payment lies."""

_HASH = "0123456789abcdef" * 3 + "01234567"

SPREAD = (
    """UPDATE payment SET made_at = :first + CAST(id AS BIGINT) * :step,
        amount_minor = 100 + CAST(id AS BIGINT) * 7919 % 5000 * 5""",
    "UPDATE payment SET currency = 'KHR' WHERE id % 50 = 0",
    "UPDATE payment SET status = 'cancelled' WHERE id % 20 = 0",
    "UPDATE payment SET remark = 'duplicate' WHERE id % 5000 = 0",
    """UPDATE sale SET note = 'Table ' || CAST(id % 90 AS TEXT) || ', a name of a customer'""",
    """UPDATE payment
        SET plain_note = (SELECT lower(note) FROM sale WHERE sale.id = payment.sale_id)""",
    f"""UPDATE gateway_transaction SET reference = CAST(10000000 + id AS TEXT) || '{_HASH}',
        payer = 'payer_' || substr(CAST(10000 + id % 10000 AS TEXT), 2, 4) || '@bank',
        payer_tail = substr(CAST(10000 + id % 10000 AS TEXT), 2, 4),
        bank_reference = 'FT' || CAST(id AS TEXT)""",
    """UPDATE gateway_transaction SET payer = 'canteen@bank', payer_tail = 'teen'
        WHERE id % 3 = 0""",
)
"""A past in which payments differ, as a shop's do: by day, amount, payer, note."""

ASKED: dict[str, dict[str, str]] = {
    "The newest": {},
    "A state that is rare": {"state": "mismatch"},
    "A remark": {"remark": "duplicate"},
    "A few days": {"first": "2026-01-01", "last": "2026-01-03"},
    "An amount": {"text": "3.50"},
    "An amount or a number": {"text": "15000"},
    "A sale's number": {"text": "#12"},
    "Our number": {"text": "past77777"},
    "A hash": {"text": f"10500000{_HASH}"},
    "A hash, eight letters of it": {"text": "10500000"},
    "A bank reference": {"text": "FT500000"},
    "The end of a payer's account": {"text": "4321"},
    "A payer": {"text": "payer_4321@bank"},
    "A payer of every third": {"text": "canteen"},
    "A payer who ends as many do": {"text": "fourteen"},
    "A note": {"text": "table 7"},
    "A note that nobody wrote": {"text": "nowhere at all"},
    "A note that all have": {"text": "customer"},
    "A note with filters": {"text": "nowhere", "currency": "KHR", "cashier": "1", "state": "paid"},
    "A currency and a cashier": {"currency": "KHR", "cashier": "2"},
    "A cashier who sold nothing": {"cashier": "2"},
    "A payer and a state": {"text": "4321", "state": "paid"},
    "A note of some days": {"text": "nowhere", "first": "2026-01-01", "last": "2026-01-31"},
}
"""What is sought, and how the address says it."""


def spread(books: Books) -> None:
    """Lay the payments over the last years, and let them differ."""
    with books.app.app_context():
        count = db.session.scalar(text("SELECT max(id) FROM payment")) or 1
        step = DAYS * 86_400_000 // count
        first = clock.epoch_ms(clock.now()) - count * step
        with writing(db.session):
            for change in SPREAD:
                given = {"first": first, "step": step} if ":first" in change else {}
                db.session.execute(text(change), given)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def costs(books: Books) -> Iterator[tuple[str, Cost]]:
    """Yield what each search costs a manager who waits for its page."""
    for what, asked in ASKED.items():
        yield what, books.cost(look(books.manager, f"/payments?{urlencode(asked)}"), rounds=7)
    deep = {"before": f"{clock.epoch_ms(clock.now()) - 300 * 86_400_000}-1"}
    yield "A page far back", books.cost(look(books.manager, f"/payments?{urlencode(deep)}"))
