"""Say for each till which of its devices sounds

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PLACES = ("till", "display")


def upgrade() -> None:
    place = sa.Enum(*PLACES, native_enum=False, length=32)
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sound_at", place, nullable=False, server_default="till"),
        )


def downgrade() -> None:
    with op.batch_alter_table("till", schema=None) as batch_op:
        batch_op.drop_column("sound_at")
