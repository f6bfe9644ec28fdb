"""Let no search's index lead a close through all payments, and find a remark by its own

Revision: 0026
After: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REMARKED = sa.text("remark IS NOT NULL")
SOME = {"sqlite_where": REMARKED, "postgresql_where": REMARKED}
BEFORE = {
    "ix_payment_till_status": ["till_id", "status", "made_at"],
    "ix_payment_till_amount": ["till_id", "amount_minor", "made_at"],
}
NOW = {
    "ix_payment_status_till": ["status", "till_id", "made_at"],
    "ix_payment_amount_till": ["amount_minor", "till_id", "made_at"],
}


def upgrade() -> None:
    for name in BEFORE:
        op.drop_index(name, table_name="payment")
    for name, columns in NOW.items():
        op.create_index(name, "payment", columns)
    op.create_index("ix_payment_remark_till", "payment", ["remark", "till_id", "made_at"], **SOME)
    make_anew()


def make_anew() -> None:
    """Make the index of what needs a person the newest of its table again.

    Of two that begin alike SQLite follows the newer one, and the other walks all of a till's.
    """
    op.drop_index("ix_payment_remarked", table_name="payment", **SOME)
    op.create_index("ix_payment_remarked", "payment", ["till_id"], **SOME)


def downgrade() -> None:
    op.drop_index("ix_payment_remark_till", table_name="payment", **SOME)
    for name in NOW:
        op.drop_index(name, table_name="payment")
    for name, columns in BEFORE.items():
        op.create_index(name, "payment", columns)
