"""Give money back: refunds, and how much of each piece of money they may still take

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


REFERENCES = (
    ("payment_id", "payment"),
    ("transaction_id", "gateway_transaction"),
    ("shift_id", "shift"),
    ("asked_by_id", "user"),
    ("approved_by_id", "user"),
)
OPEN = sa.text("status IN ('sending', 'unknown')")
REFERRED = sa.text("reference <> ''")


def upgrade() -> None:
    with op.batch_alter_table("gateway_transaction", schema=None) as batch_op:
        for name in ("refunded_minor", "returned_minor"):
            column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            batch_op.add_column(column)
    with op.batch_alter_table("gateway_transaction", schema=None) as batch_op:
        for name in ("refunded_minor", "returned_minor"):
            batch_op.alter_column(name, existing_type=sa.BigInteger(), server_default=None)
        batch_op.create_check_constraint(
            "refunded", "refunded_minor >= 0 AND refunded_minor <= amount_minor"
        )
    make_refund()
    make_listed()


def make_refund() -> None:
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", word("refundkind", "gateway", "manual", "at_bank"), nullable=False),
        sa.Column(
            "status",
            word("refundstatus", "sending", "unknown", "found", "done", "refused"),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", word("currency", "USD", "KHR"), nullable=False),
        sa.Column("before_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("next_look_at", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_refund_{name}"))
            for name, table in REFERENCES
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_key")),
    )
    index = op.create_index
    index("ix_refund_payment_id", "refund", ["payment_id"])
    index("ix_refund_shift_id", "refund", ["shift_id"])
    index("ix_refund_status", "refund", ["status"])
    only = {"sqlite_where": OPEN, "postgresql_where": OPEN}
    index("uq_refund_open", "refund", ["transaction_id"], unique=True, **only)
    only = {"sqlite_where": REFERRED, "postgresql_where": REFERRED}
    index("uq_refund_reference", "refund", ["transaction_id", "reference"], unique=True, **only)


def make_listed() -> None:
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed_at", sa.BigInteger(), nullable=True))
    findings = word("listfinding", "ours_only", "theirs_only", "amount_differs", "returned")
    tables = (("run_id", "reconcile_run"), ("payment_id", "payment"))
    op.create_table(
        "reconcile_listed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("finding", findings, nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("ours", sa.String(length=40), nullable=False),
        sa.Column("theirs", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_reconcile_listed_{name}")
            for name, table in tables
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconcile_listed")),
    )
    names = ["run_id", "reference", "finding"]
    op.create_index("uq_reconcile_listed", "reconcile_listed", names, unique=True)


def downgrade() -> None:
    op.drop_table("reconcile_listed")
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.drop_column("listed_at")
    op.drop_table("refund")
    with op.batch_alter_table("gateway_transaction", schema=None) as batch_op:
        batch_op.drop_constraint("refunded", type_="check")
        batch_op.drop_column("returned_minor")
        batch_op.drop_column("refunded_minor")
