"""Let a customer add a tip before the QR is made, and keep it apart on the sale

Revision: 0027
After: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATUSES = ("asking", "answered", "skipped", "dropped")
CURRENCIES = ("USD", "KHR")
ASKING = sa.text("status = 'asking'")


def word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "tip_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("status", word("tipstatus", STATUSES), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", word("currency", CURRENCIES), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_id", sa.Integer(), nullable=True),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_tip_ask_shift_id")),
        sa.ForeignKeyConstraint(
            ["discount_id"], ["discount.id"], name=op.f("fk_tip_ask_discount_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_ask")),
        sa.UniqueConstraint("key", name=op.f("uq_tip_ask_key")),
    )
    op.create_index(
        "uq_tip_ask_asking",
        "tip_ask",
        ["shift_id"],
        unique=True,
        sqlite_where=ASKING,
        postgresql_where=ASKING,
    )
    # Nobody asks until a manager says so.
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("asks_tips", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("tip_minor", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch_op.create_check_constraint(
            op.f("ck_sale_tip"), "tip_minor >= 0 AND tip_minor < amount_minor"
        )


def downgrade() -> None:
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sale_tip"), type_="check")
        batch_op.drop_column("tip_minor")
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.drop_column("asks_tips")
    op.drop_table("tip_ask")
