"""Manage people, their logins and the browsers that are tills

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LOGIN_KEYS = (("terminal_id", "terminal"), ("store_id", "store"))


def upgrade() -> None:
    _make_terminals()
    # Nobody who is there already has a password that somebody else gave them.
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("by_pin", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for column, table in LOGIN_KEYS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            name = batch_op.f(f"fk_login_{column}")
            batch_op.create_foreign_key(name, table, [column], ["id"])


def _make_terminals() -> None:
    op.create_table(
        "terminal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("enrolled_by_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_terminal_store_id")),
        sa.ForeignKeyConstraint(
            ["enrolled_by_id"], ["user.id"], name=op.f("fk_terminal_enrolled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_terminal_token_hash")),
    )
    op.create_index(op.f("ix_terminal_store_id"), "terminal", ["store_id"])
    op.create_table(
        "terminal_try",
        sa.Column("terminal_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_id"], ["terminal.id"], name=op.f("fk_terminal_try_terminal_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_terminal_try_user_id")),
        sa.PrimaryKeyConstraint("terminal_id", "user_id", name=op.f("pk_terminal_try")),
    )


def downgrade() -> None:
    with op.batch_alter_table("login", schema=None) as batch_op:
        for column, _table in reversed(LOGIN_KEYS):
            batch_op.drop_constraint(batch_op.f(f"fk_login_{column}"), type_="foreignkey")
            batch_op.drop_column(column)
        for column in ("by_pin", "device", "seen_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("must_change_password")
    op.drop_table("terminal_try")
    op.drop_index(op.f("ix_terminal_store_id"), table_name="terminal")
    op.drop_table("terminal")
