"""Keep what was typed wrong of the transfer of a refund by hand

Revision: 0041
After: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.Column("wrong_references", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("refund", kept)


def downgrade() -> None:
    # Not in a batch: it would make the table anew, and its indexes in another order.
    op.drop_column("refund", "wrong_references")
