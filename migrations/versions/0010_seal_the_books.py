"""Seal the books: Z reports in a chain, corrections, and rows that nobody can change

Revision: 0010
After: 0009
"""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("late_sale", "late_count", "recount", "refund")

WRITTEN_ONCE = (
    *("z_report", "correction", "payment_event", "tender", "cash_movement", "cash_count"),
    *("exchange_rate", "mark", "resolution", "receipt"),
)
"""Tables whose rows are added and never changed."""

REPLACED = ("z_report", "correction")
"""SQLite's INSERT OR REPLACE deletes without asking a trigger of deletes."""

NEW = {
    "z_report": (
        ("link", sa.Integer(), "0"),
        ("previous_hash", sa.String(length=64), ""),
        ("hash", sa.String(length=64), ""),
    ),
    "till": (
        ("last_correction_number", sa.Integer(), "0"),
        ("last_link", sa.Integer(), "0"),
        ("last_hash", sa.String(length=64), ""),
    ),
    "shift": (
        ("close_tries", sa.Integer(), "0"),
        ("next_close_at", sa.BigInteger(), None),
        ("close_problem", sa.String(length=200), ""),
    ),
    "store": (("closing_minute", sa.Integer(), None),),
}
"""Columns that are new, with what the rows of before have in them; None may stay empty."""


def upgrade() -> None:
    for table, columns in NEW.items():
        add_columns(table, columns)
    chain_the_reports()
    with op.batch_alter_table("z_report", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_z_report_link", ["till_id", "link"])
    make_correction()
    make_books_check()
    if op.get_bind().dialect.name == "sqlite":
        guard_on_sqlite()
    else:
        guard_on_postgresql()


def add_columns(table: str, columns: tuple[tuple[str, Any, str | None], ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name, kind, before in columns:
            column = sa.Column(name, kind, nullable=before is None, server_default=before)
            batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name, kind, before in columns:
            if before is not None:
                batch_op.alter_column(name, existing_type=kind, server_default=None)


def chain_the_reports() -> None:
    """Give each report that was written before its hash, and each till the end of its chain."""
    connection = op.get_bind()
    tills = connection.execute(sa.text("SELECT id FROM till ORDER BY id")).scalars().all()
    for till_id in tills:
        last, previous = 0, "0" * 64
        numbers = "SELECT id FROM z_report WHERE till_id = :till ORDER BY number"
        for report_id in connection.execute(sa.text(numbers), {"till": till_id}).scalars().all():
            last, previous = last + 1, chain_one(connection, report_id, last + 1, previous)
        if last:
            ends = "UPDATE till SET last_link = :link, last_hash = :hash WHERE id = :till"
            told = {"link": last, "hash": previous, "till": till_id}
            connection.execute(sa.text(ends), told)


def chain_one(connection: sa.Connection, report_id: int, link: int, previous: str) -> str:
    find = "SELECT till_id, shift_id, number, written_at, body FROM z_report WHERE id = :id"
    row = connection.execute(sa.text(find), {"id": report_id}).one()
    lines = (
        *("khqr-pos-books-1", "Z", f"shift {row.shift_id}", f"till {row.till_id}"),
        *(f"number {row.number}", f"link {link}", f"written {row.written_at}"),
        *(f"previous {previous}", row.body),
    )
    told = {
        "link": link,
        "previous": previous,
        "hash": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "id": report_id,
    }
    write = "UPDATE z_report SET link = :link, previous_hash = :previous, hash = :hash"
    connection.execute(sa.text(f"{write} WHERE id = :id"), told)
    return told["hash"]


def make_correction() -> None:
    kind = sa.Enum(*KINDS, name="correctionkind", native_enum=False, length=32)
    tables = (("till_id", "till"), ("z_report_id", "z_report"))
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("z_report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_correction_{name}"))
            for name, table in tables
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("till_id", "number", name=op.f("uq_correction_till_id")),
        sa.UniqueConstraint("till_id", "link", name="uq_correction_link"),
        sa.UniqueConstraint("source", name=op.f("uq_correction_source")),
    )
    op.create_index("ix_correction_z_report_id", "correction", ["z_report_id"])
    op.create_index("ix_correction_written_on", "correction", ["written_on"])


def make_books_check() -> None:
    op.create_table(
        "books_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_check")),
        sa.UniqueConstraint("on", name=op.f("uq_books_check_on")),
    )


def guard_on_sqlite() -> None:
    for table in WRITTEN_ONCE:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )
    for table in REPLACED:
        same = "id = NEW.id OR (till_id = NEW.till_id AND (number = NEW.number OR link = NEW.link))"
        if table == "z_report":
            same += " OR shift_id = NEW.shift_id"
        else:
            same += " OR source = NEW.source"
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        )


def guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION pos_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is written once', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in WRITTEN_ONCE:
        for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
            )


def downgrade() -> None:
    drop_guards()
    op.drop_table("books_check")
    op.drop_table("correction")
    with op.batch_alter_table("z_report", schema=None) as batch_op:
        batch_op.drop_constraint("uq_z_report_link", type_="unique")
    for table, columns in NEW.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in columns:
                batch_op.drop_column(name)


def drop_guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in WRITTEN_ONCE:
            for deed in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{deed}")
    else:
        op.execute("DROP FUNCTION pos_written_once() CASCADE")
