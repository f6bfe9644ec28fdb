"""Prove a refund by hand at the bank

Revision: 0025
After: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PROVEN = sa.text("proof_hash <> ''")


def upgrade() -> None:
    # Refunds recorded before were never put before the bank: they have no proof, and need none.
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("proof_hash", sa.String(length=128), nullable=False, server_default="")
        )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.alter_column("proof_hash", server_default=None)
    op.create_index(
        "uq_refund_proof_hash",
        "refund",
        ["proof_hash"],
        unique=True,
        sqlite_where=PROVEN,
        postgresql_where=PROVEN,
    )
    op.create_index("ix_refund_proof", "refund", ["proof", "next_look_at"])


def downgrade() -> None:
    op.drop_index("ix_refund_proof", "refund")
    op.drop_index("uq_refund_proof_hash", "refund")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_column("proof_hash")
        batch_op.drop_column("proof")
