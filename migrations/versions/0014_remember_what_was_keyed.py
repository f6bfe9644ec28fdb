"""Keep a sale's note and rounding, and the amounts a till offers at one tap

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CURRENCIES = ("USD", "KHR")


KEPT = (("note", sa.String(length=60), ""), ("rounding_minor", sa.BigInteger(), "0"))


def upgrade() -> None:
    # What was sold before has no note, and was charged as it was typed.
    with op.batch_alter_table("sale", schema=None) as batch_op:
        for name, kind, nothing in KEPT:
            column = sa.Column(name, kind, nullable=False, server_default=nothing)
            batch_op.add_column(column)
    with op.batch_alter_table("sale", schema=None) as batch_op:
        for name, kind, _nothing in KEPT:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    op.create_table(
        "quick_amount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column(
            "currency",
            sa.Enum(*CURRENCIES, name="currency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_quick_amount_amount")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_quick_amount_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_amount")),
        sa.UniqueConstraint("store_id", "currency", "place", name=op.f("uq_quick_amount_store_id")),
    )


def downgrade() -> None:
    op.drop_table("quick_amount")
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_column("rounding_minor")
        batch_op.drop_column("note")
