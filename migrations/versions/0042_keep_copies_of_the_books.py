"""Keep a list of backups and restores, and the numbers that a restore lost

Revision: 0042
After: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KINDS = ("z_report", "correction", "receipt")


def upgrade() -> None:
    make_backups()
    make_restores()
    make_lost_numbers()
    guard()


def make_backups() -> None:
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("is_encrypted", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("on", name=op.f("uq_backup_on")),
    )


def make_restores() -> None:
    op.create_table(
        "restore",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore")),
    )


def make_lost_numbers() -> None:
    op.create_table(
        "lost_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restore_id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="numberkind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_lost_numbers_span")),
        sa.ForeignKeyConstraint(
            ["restore_id"], ["restore.id"], name=op.f("fk_lost_numbers_restore_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_lost_numbers_store_id")),
        sa.ForeignKeyConstraint(["till_id"], ["till.id"], name=op.f("fk_lost_numbers_till_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_numbers")),
        sa.UniqueConstraint("till_id", "link", name=op.f("uq_lost_numbers_till_id")),
    )


def guard() -> None:
    """Let nobody change, delete or replace a row, as 0010 does for the books."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'lost_numbers is written once'); END"
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER lost_numbers_no_{deed.lower()} BEFORE {deed} ON lost_numbers"
                f" {refuse}"
            )
        op.execute(
            "CREATE TRIGGER lost_numbers_no_replace BEFORE INSERT ON lost_numbers WHEN EXISTS"
            " (SELECT 1 FROM lost_numbers WHERE id = NEW.id"
            f" OR (till_id = NEW.till_id AND link = NEW.link)) {refuse}"
        )
        return
    for deed, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER lost_numbers_no_{deed.lower()} BEFORE {deed} ON lost_numbers"
            f" FOR EACH {each} EXECUTE FUNCTION pos_written_once()"
        )


def downgrade() -> None:
    op.drop_table("lost_numbers")
    op.drop_table("restore")
    op.drop_table("backup")
