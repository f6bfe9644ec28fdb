"""Let other programs in by tokens

Revision: 0034
After: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("refreshed_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_api_token_store_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_api_token_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_store_id"), "api_token", ["store_id"])
    op.create_table(
        "api_refresh",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_api_refresh_token_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_refresh")),
        sa.UniqueConstraint("jti_hash", name=op.f("uq_api_refresh_jti_hash")),
    )
    op.create_index(op.f("ix_api_refresh_token_id"), "api_refresh", ["token_id"])


def downgrade() -> None:
    op.drop_table("api_refresh")
    op.drop_table("api_token")
