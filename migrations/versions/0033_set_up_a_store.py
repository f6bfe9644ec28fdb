"""Let a store have limits, hours and lines on its receipts of its own

Revision: 0033
After: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NUMBERS = (
    *("opening_minute", "max_usd", "max_khr", "cash_limit_usd", "cash_limit_khr", "no_sales"),
    *("over_short_usd", "over_short_khr"),
)
TEXTS = {
    "receipt_address": 120,
    "receipt_phone": 40,
    "tax_name": 64,
    "tax_number": 32,
    "receipt_text": 130,
}


def upgrade() -> None:
    with op.batch_alter_table("store", schema=None) as batch_op:
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("blind_count", sa.Boolean(), nullable=True))
        for name, length in TEXTS.items():
            kind = sa.String(length=length)
            batch_op.add_column(sa.Column(name, kind, server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("store", schema=None) as batch_op:
        for name in (*NUMBERS, "blind_count", *TEXTS):
            batch_op.drop_column(name)
