"""Count the questions to gateways

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gateway_circuit",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("paused_for", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["gateway_account.id"],
            name=op.f("fk_gateway_circuit_account_id"),
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_gateway_circuit")),
    )
    op.create_table(
        "gateway_day",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["gateway_account.id"],
            name=op.f("fk_gateway_day_account_id"),
        ),
        sa.PrimaryKeyConstraint("account_id", "on", name=op.f("pk_gateway_day")),
    )


def downgrade() -> None:
    op.drop_table("gateway_day")
    op.drop_table("gateway_circuit")
