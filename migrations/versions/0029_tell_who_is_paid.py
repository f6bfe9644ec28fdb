"""Tell the tills who is paid, and which accounts the bank knows

Revision: 0029
After: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEYS = (("store_id", "store"), ("till_id", "till"), ("account_id", "gateway_account"))


def upgrade() -> None:
    op.create_table(
        "payee_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint([one], [f"{table}.id"], name=op.f(f"fk_payee_change_{one}"))
            for one, table in KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_change")),
    )
    op.create_index("ix_payee_change_store_id", "payee_change", ["store_id", "at"])
    # Null until somebody looks each account over: nobody knows yet whether the bank has it.
    with op.batch_alter_table("gateway_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("gateway_account", schema=None) as batch_op:
        batch_op.drop_column("verified_at")
    op.drop_index("ix_payee_change_store_id", table_name="payee_change")
    op.drop_table("payee_change")
