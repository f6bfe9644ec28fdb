"""Send each Z report to who wants it

Revision: 0031
After: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody who is told of alerts has asked for reports so far.
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("gets_reports", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.alter_column("gets_reports", server_default=None)
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pdf_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_message_pdf_id"), "archived_pdf", ["pdf_id"], ["id"]
        )


def downgrade() -> None:
    # What such a message told is in the archive.
    op.execute("DELETE FROM message WHERE kind = 'report'")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_message_pdf_id"), type_="foreignkey")
        batch_op.drop_column("pdf_id")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_column("gets_reports")
