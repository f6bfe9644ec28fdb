"""Hear callbacks, let a till have an account of its own, keep a gateway's reasons and links

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERDICTS = ("waiting", "checked", "contradicted", "unknown", "refused")

# Payments of before have no reason and no link.
COLUMNS = (("deep_link", sa.Text()), ("trouble_says", sa.String(length=240)))


def upgrade() -> None:
    op.create_table(
        "gateway_callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("tran_id", sa.String(length=20), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("tells_of_money", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Enum(*VERDICTS, native_enum=False, length=32), nullable=False),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["gateway_account.id"], name=op.f("fk_gateway_callback_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_gateway_callback_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_callback")),
    )
    with op.batch_alter_table("gateway_callback", schema=None) as batch_op:
        batch_op.create_index("uq_callback_body", ["account_id", "digest"], unique=True)
        batch_op.create_index("ix_callback_try", ["try_at"], unique=False)
        batch_op.create_index("ix_callback_received", ["received_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_gateway_callback_payment_id"), ["payment_id"], unique=False
        )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name, kind in COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name, kind in COLUMNS:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_account_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_till_own_account_id"), "gateway_account", ["own_account_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_till_own_account_id"), type_="foreignkey")
        batch_op.drop_column("own_account_id")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        for name, _ in reversed(COLUMNS):
            batch_op.drop_column(name)
    op.drop_table("gateway_callback")
