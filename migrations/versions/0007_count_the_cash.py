"""Count the cash

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("buy", sa.Integer(), nullable=False),
        sa.Column("sell", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 < buy AND buy <= sell", name=op.f("ck_exchange_rate_spread")),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_exchange_rate_set_by_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_exchange_rate_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.create_index("ix_exchange_rate_newest", ["store_id", "id"], unique=False)

    op.create_table(
        "cash_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("usd_minor", sa.BigInteger(), nullable=False),
        sa.Column("khr_minor", sa.BigInteger(), nullable=False),
        sa.Column("expected_usd_minor", sa.BigInteger(), nullable=False),
        sa.Column("expected_khr_minor", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["user.id"], name=op.f("fk_cash_count_counted_by_id")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_cash_count_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_count")),
        sa.UniqueConstraint("key", name=op.f("uq_cash_count_key")),
        sa.UniqueConstraint("shift_id", "number", name=op.f("uq_cash_count_shift_id")),
    )
    op.create_table(
        "cash_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paid_in",
                "paid_out",
                "no_sale",
                "refund",
                name="movementkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("usd_minor", sa.BigInteger(), nullable=False),
        sa.Column("khr_minor", sa.BigInteger(), nullable=False),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user.id"], name=op.f("fk_cash_movement_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_cash_movement_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_cash_movement_sale_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_cash_movement_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_movement")),
        sa.UniqueConstraint("key", name=op.f("uq_cash_movement_key")),
    )
    with op.batch_alter_table("cash_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cash_movement_sale_id"), ["sale_id"], unique=False)
        batch_op.create_index("ix_cash_movement_shift", ["shift_id", "id"], unique=False)

    op.create_table(
        "tender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("cashier_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("settles_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "currency",
            sa.Enum("USD", "KHR", name="currency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("given_usd_minor", sa.BigInteger(), nullable=False),
        sa.Column("given_khr_minor", sa.BigInteger(), nullable=False),
        sa.Column("change_usd_minor", sa.BigInteger(), nullable=False),
        sa.Column("change_khr_minor", sa.BigInteger(), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["cashier_id"], ["user.id"], name=op.f("fk_tender_cashier_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_tender_sale_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_tender_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender")),
        sa.UniqueConstraint("key", name=op.f("uq_tender_key")),
    )
    with op.batch_alter_table("tender", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tender_sale_id"), ["sale_id"], unique=False)
        batch_op.create_index("ix_tender_shift", ["shift_id", "id"], unique=False)

    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rate_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_sale_rate_id"), "exchange_rate", ["rate_id"], ["id"]
        )

    with op.batch_alter_table("shift", schema=None) as batch_op:
        # The rows that are there need a value, the table no default of its own.
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("over_reason", sa.String(length=32), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("over_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("over_approved_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_shift_over_approved_by_id"), "user", ["over_approved_by_id"], ["id"]
        )
        _drop_open(batch_op, "status = 'open'")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        for name in ("version", "over_reason", "over_note"):
            batch_op.alter_column(name, server_default=None)
        _create_open(batch_op, "closed_at IS NULL")


def _drop_open(batch_op, condition: str) -> None:
    for one in ("till", "cashier"):
        where = sa.text(condition)
        batch_op.drop_index(f"uq_shift_open_{one}", sqlite_where=where, postgresql_where=where)


def _create_open(batch_op, condition: str) -> None:
    """A shift that is being counted still holds its till and its cashier."""
    for one in ("till", "cashier"):
        where = sa.text(condition)
        batch_op.create_index(
            f"uq_shift_open_{one}",
            [f"{one}_id"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    with op.batch_alter_table("shift", schema=None) as batch_op:
        _drop_open(batch_op, "closed_at IS NULL")
        _create_open(batch_op, "status = 'open'")
        batch_op.drop_constraint(batch_op.f("fk_shift_over_approved_by_id"), type_="foreignkey")
        batch_op.drop_column("over_approved_by_id")
        batch_op.drop_column("over_note")
        batch_op.drop_column("over_reason")
        batch_op.drop_column("version")

    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_sale_rate_id"), type_="foreignkey")
        batch_op.drop_column("rate_id")

    with op.batch_alter_table("tender", schema=None) as batch_op:
        batch_op.drop_index("ix_tender_shift")
        batch_op.drop_index(batch_op.f("ix_tender_sale_id"))

    op.drop_table("tender")
    with op.batch_alter_table("cash_movement", schema=None) as batch_op:
        batch_op.drop_index("ix_cash_movement_shift")
        batch_op.drop_index(batch_op.f("ix_cash_movement_sale_id"))

    op.drop_table("cash_movement")
    op.drop_table("cash_count")
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.drop_index("ix_exchange_rate_newest")

    op.drop_table("exchange_rate")
