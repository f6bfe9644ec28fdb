"""Let a sale be paid in parts, and hold that money until it is completed

Revision: 0040
After: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

KINDS = ("full", "deposit", "milestones")
NAMES = ("full", "deposit", "balance", "milestone_1", "milestone_2", "milestone_3")
GUARDED = ("plan", "instalment", "plan_release")


def upgrade() -> None:
    make_plans()
    make_releases()
    with op.batch_alter_table("outside_part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instalment_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_outside_part_instalment_id"), "instalment", ["instalment_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_outside_part_instalment_id"), ["instalment_id"])
    for table in GUARDED:
        guard(table)


def currency() -> sa.Column[str]:
    words = sa.Enum("USD", "KHR", name="currency", native_enum=False, length=32)
    return sa.Column("currency", words, nullable=False)


def make_plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="plankind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        currency(),
        sa.Column("permille", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_plan_price")),
        sa.ForeignKeyConstraint(
            ["outside_id"], ["outside_sale.id"], name=op.f("fk_plan_outside_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("outside_id", name=op.f("uq_plan_outside_id")),
    )
    op.create_table(
        "instalment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.Enum(*NAMES, name="partname", native_enum=False, length=32), nullable=False
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        currency(),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_instalment_amount")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_instalment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_instalment_plan_id")),
    )


def make_releases() -> None:
    op.create_table(
        "plan_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        currency(),
        sa.Column("last_refund_id", sa.Integer(), nullable=False),
        sa.Column("last_movement_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_plan_release_amount")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_release_plan_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_plan_release_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_release")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_release_plan_id")),
    )
    op.create_index("ix_plan_release_shift", "plan_release", ["shift_id"])


def guard(table: str) -> None:
    """Let nobody change or delete a row, as 0010 does for the other tables of the books."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )
        return
    for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
        )


def downgrade() -> None:
    with op.batch_alter_table("outside_part", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_outside_part_instalment_id"))
        batch_op.drop_constraint(op.f("fk_outside_part_instalment_id"), type_="foreignkey")
        batch_op.drop_column("instalment_id")
    op.drop_table("plan_release")
    op.drop_table("instalment")
    op.drop_table("plan")
