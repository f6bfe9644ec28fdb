"""Write down what customers dispute, and how it ended

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open' AND payment_id IS NOT NULL")


def upgrade() -> None:
    make_disputes()
    op.create_table(
        "dispute_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_entry_dispute_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_dispute_entry_by_id")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user.id"], name=op.f("fk_dispute_entry_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_entry")),
    )
    op.create_index(op.f("ix_dispute_entry_dispute_id"), "dispute_entry", ["dispute_id"])
    guard()


def make_disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=32), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("payer_digits", sa.String(length=8), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_amount")),
        sa.ForeignKeyConstraint(["till_id"], ["till.id"], name=op.f("fk_dispute_till_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_dispute_payment_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user.id"], name=op.f("fk_dispute_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("key", name=op.f("uq_dispute_key")),
    )
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["payment_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_dispute_till_id", "dispute", ["till_id", "status", "id"])
    op.create_index("ix_dispute_payment_id", "dispute", ["payment_id"])


def guard() -> None:
    """Let nobody change or delete a line of a history, as 0010 does for the books."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'dispute_entry is written once'); END"
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER dispute_entry_no_{deed.lower()} BEFORE {deed}"
                f" ON dispute_entry {refuse}"
            )
        # INSERT OR REPLACE deletes without asking a trigger of deletes.
        op.execute(
            "CREATE TRIGGER dispute_entry_no_replace BEFORE INSERT ON dispute_entry WHEN EXISTS"
            f" (SELECT 1 FROM dispute_entry WHERE id = NEW.id) {refuse}"
        )
        return
    for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER dispute_entry_no_{deed.lower()} BEFORE {deed} ON dispute_entry"
            f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
        )


def downgrade() -> None:
    op.drop_table("dispute_entry")
    op.drop_table("dispute")
