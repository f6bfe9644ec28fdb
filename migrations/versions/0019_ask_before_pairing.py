"""Ask before a screen follows a till

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("display", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("agent", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("wanted_till_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_display_wanted_till_id"), "till", ["wanted_till_id"], ["id"]
        )
    # What was there before has its value now; from now on the program says it.
    with op.batch_alter_table("display", schema=None) as batch_op:
        batch_op.alter_column("agent", server_default=None)
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("codes_wait_until", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.alter_column("wrong_codes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.drop_column("codes_wait_until")
        batch_op.drop_column("wrong_codes")
    with op.batch_alter_table("display", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_display_wanted_till_id"), type_="foreignkey")
        batch_op.drop_column("wanted_till_id")
        batch_op.drop_column("agent")
