"""Tell people what is wrong

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KINDS = (
    *("success_rate", "callback_time", "qr_failures", "failed_daily", "books_damaged"),
    *("bank_differs", "worker_silent", "key_ending", "attention_old", "disk_full"),
)
OPEN = sa.text("cleared_at IS NULL")


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=32)


def severity() -> sa.Enum:
    return word("severity", "note", "warning", "alarm")


def upgrade() -> None:
    make_alerts()
    make_outbox()
    with op.batch_alter_table("gateway_callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handled_at", sa.BigInteger(), nullable=True))


def make_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("kind", word("alertkind", *KINDS), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("severity", severity(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_alert_store_id")),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["user.id"], name=op.f("fk_alert_acknowledged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(
        "uq_alert_open",
        "alert",
        ["store_id", "kind", "subject"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_alert_store_id", "alert", ["store_id", "id"])
    op.create_table(
        "alert_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_look")),
    )


def make_outbox() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("channel", word("channel", "email", "telegram"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("least", severity(), nullable=False),
        sa.Column("language", word("language", "en", "km"), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_recipient_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
    )
    op.create_index(op.f("ix_recipient_store_id"), "recipient", ["store_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind", word("messagekind", "raised", "worse", "cleared", "test"), nullable=False
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", word("messagestate", "waiting", "sent", "failed"), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_message_recipient_id")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_message_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_try_at", "message", ["try_at"])
    op.create_index("ix_message_recipient_id", "message", ["recipient_id", "id"])
    op.create_index(op.f("ix_message_alert_id"), "message", ["alert_id"])


def downgrade() -> None:
    for table in ("message", "recipient", "alert_look", "alert"):
        op.drop_table(table)
    with op.batch_alter_table("gateway_callback", schema=None) as batch_op:
        batch_op.drop_column("handled_at")
