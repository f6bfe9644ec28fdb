"""Find the payments that need a person without walking all of a till's

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REMARKED = sa.text("remark IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_remarked",
            ["till_id"],
            unique=False,
            sqlite_where=REMARKED,
            postgresql_where=REMARKED,
        )


def downgrade() -> None:
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_remarked", sqlite_where=REMARKED, postgresql_where=REMARKED)
