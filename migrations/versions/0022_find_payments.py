"""Find a payment among a million by day, state, amount, number, payer or bank reference

Revision: 0022
After: 0021
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_payment_till_made", "payment", ["till_id", "made_at"]),
    ("ix_payment_till_status", "payment", ["till_id", "status", "made_at"]),
    ("ix_payment_till_amount", "payment", ["till_id", "amount_minor", "made_at"]),
    ("ix_sale_till_number", "sale", ["till_id", "number"]),
    ("ix_transaction_payer", "gateway_transaction", ["payer_tail", "payment_id"]),
    ("ix_transaction_bank_reference", "gateway_transaction", ["bank_reference"]),
)
AT_ONCE = 5000


def upgrade() -> None:
    with op.batch_alter_table("gateway_transaction", schema=None) as batch_op:
        # May be empty, for a column with a rule would make SQLite write the whole table anew.
        batch_op.add_column(sa.Column("payer_tail", sa.String(length=4), nullable=True))
    write_tails()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def write_tails() -> None:
    """Give each payer that is known already the end of the account, some thousands at a time."""
    connection, last = op.get_bind(), 0
    find = sa.text(
        "SELECT id, payer FROM gateway_transaction WHERE id > :last ORDER BY id LIMIT :most"
    )
    write = sa.text("UPDATE gateway_transaction SET payer_tail = :tail WHERE id = :id")
    while rows := connection.execute(find, {"last": last, "most": AT_ONCE}).all():
        connection.execute(write, [{"id": row.id, "tail": tail_of(row.payer)} for row in rows])
        last = rows[-1].id


def tail_of(payer: str) -> str:
    return re.sub(r"[^0-9a-z]", "", payer.partition("@")[0].lower())[-4:]


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("gateway_transaction", schema=None) as batch_op:
        batch_op.drop_column("payer_tail")
