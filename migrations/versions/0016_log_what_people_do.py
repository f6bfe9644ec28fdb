"""Keep an audit log: who did what, in one chain that nobody can change

Revision: 0016
After: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_audit_entry_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("link", name=op.f("uq_audit_entry_link")),
    )
    op.create_index("ix_audit_entry_store_id", "audit_entry", ["store_id", "link"])
    op.create_index("ix_audit_entry_who", "audit_entry", ["who", "at"])
    end = op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_link", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_end")),
    )
    op.bulk_insert(end, [{"id": 1, "last_link": 0, "last_hash": ""}])
    if op.get_bind().dialect.name == "sqlite":
        guard_on_sqlite()
    else:
        guard_on_postgresql()


def guard_on_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'audit_entry is written once'); END"
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{deed.lower()} BEFORE {deed} ON audit_entry {refuse}"
        )
    # INSERT OR REPLACE deletes without asking a trigger of deletes.
    op.execute(
        "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry WHEN EXISTS"
        " (SELECT 1 FROM audit_entry WHERE id = NEW.id OR link = NEW.link)"
        f" {refuse}"
    )


def guard_on_postgresql() -> None:
    for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{deed.lower()} BEFORE {deed} ON audit_entry"
            f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
        )


def downgrade() -> None:
    op.drop_table("audit_entry")
    op.drop_table("audit_end")
