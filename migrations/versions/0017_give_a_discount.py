"""Let a shop give discounts, and say on each sale what was taken off

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CURRENCIES = ("USD", "KHR")
OTHERS = {
    "shift_id": "shift",
    "given_by_id": "user",
    "approved_by_id": "user",
}


def upgrade() -> None:
    op.create_table(
        "discount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("before_minor", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "currency",
            sa.Enum(*CURRENCIES, name="currency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("permille", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minor > 0 AND minor < before_minor", name=op.f("ck_discount_part")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_discount_{name}"))
            for name, table in OTHERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount")),
        sa.UniqueConstraint("key", name=op.f("uq_discount_key")),
    )
    guard()
    # Nobody gives discounts until a manager says so: null.
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.add_column(sa.Column("discount_limit", sa.Integer(), nullable=True))
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.add_column(sa.Column("discount_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_sale_discount_id"), ["discount_id"])
        batch_op.create_foreign_key(
            op.f("fk_sale_discount_id"), "discount", ["discount_id"], ["id"]
        )


def guard() -> None:
    """Let nobody change or delete a row, as 0010 does for the other tables of the books."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER discount_no_{deed.lower()} BEFORE {deed} ON discount"
                " BEGIN SELECT RAISE(ABORT, 'discount is written once'); END"
            )
        return
    for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER discount_no_{deed.lower()} BEFORE {deed} ON discount"
            f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
        )


def downgrade() -> None:
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_sale_discount_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_sale_discount_id"), type_="unique")
        batch_op.drop_column("discount_id")
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.drop_column("discount_limit")
    op.drop_table("discount")
