"""Keep a sale's note with its payments, so that a search for it reads one table

Revision: 0035
After: 0034
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d"))
AT_ONCE = 5_000

NOTED = sa.text(
    "SELECT payment.id, sale.note FROM payment JOIN sale ON sale.id = payment.sale_id"
    " WHERE sale.note <> '' AND payment.id > :after ORDER BY payment.id LIMIT :most"
)
WRITE = sa.text("UPDATE payment SET plain_note = :note WHERE id = :id")


def upgrade() -> None:
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plain_note", sa.String(length=120), nullable=True))
    connection, after = op.get_bind(), 0
    while rows := connection.execute(NOTED, {"after": after, "most": AT_ONCE}).all():
        connection.execute(WRITE, [{"id": row[0], "note": plain(row[1])} for row in rows])
        after = rows[-1][0]


def plain(note: str) -> str:
    """Write a note as the search compares it; neither database lowers all letters alike."""
    shown = " ".join(note.translate(UNSEEN).lower().split())
    return unicodedata.normalize("NFC", shown)


def downgrade() -> None:
    # Not in a batch: it would make the table anew, and its indexes in another order.
    op.drop_column("payment", "plain_note")
