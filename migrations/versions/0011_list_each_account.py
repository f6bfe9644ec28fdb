"""Read the bank's list of each account

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Until now a run read the list of its store's own account alone.
KEEP_LISTED = """
INSERT INTO reconcile_list (run_id, account_id, at)
SELECT reconcile_run.id, store.account_id, reconcile_run.listed_at
FROM reconcile_run JOIN store ON store.id = reconcile_run.store_id
WHERE reconcile_run.listed_at IS NOT NULL
"""
GIVE_BACK = """
UPDATE reconcile_run SET listed_at =
(SELECT MIN(at) FROM reconcile_list WHERE reconcile_list.run_id = reconcile_run.id)
"""


def upgrade() -> None:
    tables = (("run_id", "reconcile_run"), ("account_id", "gateway_account"))
    op.create_table(
        "reconcile_list",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_reconcile_list_{name}"))
            for name, table in tables
        ),
        sa.PrimaryKeyConstraint("run_id", "account_id", name=op.f("pk_reconcile_list")),
    )
    op.execute(KEEP_LISTED)
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.drop_column("listed_at")


def downgrade() -> None:
    with op.batch_alter_table("reconcile_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed_at", sa.BigInteger(), nullable=True))
    op.execute(GIVE_BACK)
    op.drop_table("reconcile_list")
