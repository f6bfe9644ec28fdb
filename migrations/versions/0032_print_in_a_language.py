"""Print a document in the language of whoever asked for it

Revision: 0032
After: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

LANGUAGE = sa.Enum("en", "km", native_enum=False, length=32)


def upgrade() -> None:
    # What was printed before spoke English.
    with op.batch_alter_table("printing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", LANGUAGE, nullable=False, server_default="en"))
    with op.batch_alter_table("printing", schema=None) as batch_op:
        batch_op.alter_column("language", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("printing", schema=None) as batch_op:
        batch_op.drop_column("language")
