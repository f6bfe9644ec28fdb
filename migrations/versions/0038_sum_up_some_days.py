"""Find discounts, refunds and marks of some days by an index of their own

SQLite read all sales for the discounts, and all payments for the others.

Revision: 0038
After: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


INDEXES = {
    "ix_discount_shift": ("discount", ["shift_id"]),
    "ix_refund_made": ("refund", ["made_at"]),
    "ix_mark_at": ("mark", ["at"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
