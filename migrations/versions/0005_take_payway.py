"""Take PayWay: its account's settings, and when a QR is to be closed there

Revision: 0005
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# Rows of before are Bakong's, which has none of this.
COLUMNS = (
    ("refund_key_sealed", sa.Text(), ""),
    ("payment_option", sa.String(length=24), ""),
    ("callback_url", sa.String(length=200), ""),
    ("takes_raw_callbacks", sa.Boolean(), sa.false()),
)


def upgrade() -> None:
    with op.batch_alter_table("gateway_account", schema=None) as batch_op:
        for name, kind, value in COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table("gateway_account", schema=None) as batch_op:
        for name, kind, _ in COLUMNS:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("close_at", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_payment_close", ["close_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_close")
        batch_op.drop_column("close_at")
    with op.batch_alter_table("gateway_account", schema=None) as batch_op:
        for name, _, _ in reversed(COLUMNS):
            batch_op.drop_column(name)
