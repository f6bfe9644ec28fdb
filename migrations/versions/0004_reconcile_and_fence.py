"""Reconcile and fence

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reconcile_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("counts_from", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("worked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("left_unasked", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_reconcile_run_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconcile_run")),
    )
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.create_index("ix_reconcile_run_day", ["store_id", "on"], unique=False)

    op.create_table(
        "reconcile_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=True),
        sa.Column(
            "finding",
            sa.Enum(
                "agrees",
                "money_found",
                "not_confirmed",
                "sent_back",
                "other_facts",
                name="finding",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_reconcile_check_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconcile_run.id"], name=op.f("fk_reconcile_check_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["gateway_transaction.id"],
            name=op.f("fk_reconcile_check_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconcile_check")),
    )
    with op.batch_alter_table("reconcile_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconcile_check_payment_id"), ["payment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reconcile_check_run_id"), ["run_id"], unique=False)
        batch_op.create_index("uq_reconcile_money", ["run_id", "transaction_id"], unique=True)
        batch_op.create_index(
            "uq_reconcile_qr",
            ["run_id", "payment_id"],
            unique=True,
            sqlite_where=sa.text("transaction_id IS NULL"),
            postgresql_where=sa.text("transaction_id IS NULL"),
        )

    # It says who works now; nobody does while the tables are changed.
    op.execute("DELETE FROM lease")
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fence", sa.Integer(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.drop_column("fence")

    with op.batch_alter_table("reconcile_check", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reconcile_qr",
            sqlite_where=sa.text("transaction_id IS NULL"),
            postgresql_where=sa.text("transaction_id IS NULL"),
        )
        batch_op.drop_index("uq_reconcile_money")
        batch_op.drop_index(batch_op.f("ix_reconcile_check_run_id"))
        batch_op.drop_index(batch_op.f("ix_reconcile_check_payment_id"))

    op.drop_table("reconcile_check")
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.drop_index("ix_reconcile_run_day")

    op.drop_table("reconcile_run")
