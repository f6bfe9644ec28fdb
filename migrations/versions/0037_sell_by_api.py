"""Let other programs sell

Revision: 0037
After: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ONLINE = sa.text("is_online")


def upgrade() -> None:
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_online", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_index(
        "uq_till_online",
        "till",
        ["store_id"],
        unique=True,
        sqlite_where=ONLINE,
        postgresql_where=ONLINE,
    )
    make_sales()
    make_answers()


def make_sales() -> None:
    op.create_table(
        "outside_sale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "currency",
            sa.Enum("USD", "KHR", name="currency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_outside_sale_store_id")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_outside_sale_token_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_sale")),
        sa.UniqueConstraint("store_id", "reference", name=op.f("uq_outside_sale_store_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_outside_sale_uid")),
    )
    op.create_index("ix_outside_sale_number", "outside_sale", ["store_id", "number"])
    op.create_index("ix_outside_sale_customer", "outside_sale", ["store_id", "customer", "id"])
    op.create_table(
        "outside_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outside_id"], ["outside_sale.id"], name=op.f("fk_outside_part_outside_id")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_outside_part_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_part")),
        sa.UniqueConstraint("sale_id", name=op.f("uq_outside_part_sale_id")),
    )
    op.create_index(op.f("ix_outside_part_outside_id"), "outside_part", ["outside_id"])


def make_answers() -> None:
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_answer_token_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_api_answer_token_id")),
    )
    op.create_index("ix_api_answer_made_at", "api_answer", ["made_at"])
    op.create_table(
        "api_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.String(length=160), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_try")),
    )
    op.create_index("ix_api_try_bucket", "api_try", ["bucket", "at"])


def downgrade() -> None:
    for table in ("api_try", "api_answer", "outside_part", "outside_sale"):
        op.drop_table(table)
    op.drop_index("uq_till_online", "till")
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.drop_column("is_online")
