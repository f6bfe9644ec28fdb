"""Note refunds by hand that the bank denies

Revision: 0036
After: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_KEY = "fk_refund_denial_noted_by_id"


def upgrade() -> None:
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.add_column(sa.Column("denial_noted_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("denial_noted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("denial_note", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.create_foreign_key(batch_op.f(_KEY), "user", ["denial_noted_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_KEY), type_="foreignkey")
        batch_op.drop_column("denial_note")
        batch_op.drop_column("denial_noted_by_id")
        batch_op.drop_column("denial_noted_at")
