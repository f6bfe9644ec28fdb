"""Remember in which language each person reads the screens

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LANGUAGES = ("en", "km")


def upgrade() -> None:
    # Nobody has chosen yet: null.
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("language", sa.Enum(*LANGUAGES, native_enum=False, length=32), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("language")
