"""Give customers a link to their receipt

Revision: 0018
After: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_receipt_link_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_receipt_link_token_hash")),
    )
    with op.batch_alter_table("receipt_link", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_receipt_link_sale_id"), ["sale_id"], unique=False)
        batch_op.create_index(op.f("ix_receipt_link_ends_at"), ["ends_at"], unique=False)
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipt_sale_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("receipt_asked_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.drop_column("receipt_asked_at")
        batch_op.drop_column("receipt_sale_id")
    op.drop_table("receipt_link")
