"""Who did what in the shop, beside its sales: written once, and chained."""

import json
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pos.database import Base
from pos.models.types import Instant
from pos.words import _

Detail = str | int | bool | None
"""What a detail of an entry may be; never a secret."""


class Deed(StrEnum):
    """What somebody did, or was kept from doing."""

    LOGGED_IN = "logged_in"
    LOGIN_WAITS = "login_waits"
    PASSWORD_SET = "password_set"  # noqa: S105 - a word for a deed
    PIN_SET = "pin_set"
    LOGINS_ENDED = "logins_ended"
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    SECOND_STEP_RESET = "second_step_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    CODE_WAITS = "code_waits"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_SHUT_OUT = "person_shut_out"
    PERSON_LET_IN = "person_let_in"
    DEVICE_ADDED = "device_added"
    DEVICE_REVOKED = "device_revoked"
    RATE_SET = "rate_set"
    QUICK_AMOUNTS_SET = "quick_amounts_set"
    TIPS_SET = "tips_set"
    DISCOUNTS_SET = "discounts_set"
    LIMITS_SET = "limits_set"
    RECEIPT_LINES_SET = "receipt_lines_set"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    REFUND_ALONE = "refund_alone"
    REFUND_DENIED = "refund_denied"
    REFUND_DENIAL_NOTED = "refund_denial_noted"
    REFUND_RETYPED = "refund_retyped"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_EVIDENCE = "dispute_evidence"
    DISPUTE_ENDED = "dispute_ended"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    RECIPIENT_ADDED = "recipient_added"
    RECIPIENT_REMOVED = "recipient_removed"
    ACCOUNT_USED = "account_used"
    STORE_CHANGED = "store_changed"
    MERCHANT_CHANGED = "merchant_changed"
    TILL_ADDED = "till_added"
    TILL_CHANGED = "till_changed"
    TILL_RETIRED = "till_retired"
    TOKEN_MADE = "token_made"  # noqa: S105 - a word for a deed
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    TOKEN_REUSED = "token_reused"  # noqa: S105
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_PAUSED = "webhook_paused"
    WEBHOOK_RESUMED = "webhook_resumed"
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - a word for a deed
    WEBHOOK_RESENT = "webhook_resent"
    WEBHOOK_REMOVED = "webhook_removed"
    SALE_COMPLETED = "sale_completed"
    EXPORTED = "exported"
    BACKUP_ASKED = "backup_asked"
    BOOKS_RESTORED = "books_restored"
    REFUSED = "refused"


DEED: dict[Deed, str] = {
    Deed.LOGGED_IN: _("Logged in"),
    Deed.LOGIN_WAITS: _("Too many wrong passwords"),
    Deed.PASSWORD_SET: _("New password"),
    Deed.PIN_SET: _("New PIN"),
    Deed.LOGINS_ENDED: _("Logins ended"),
    Deed.SECOND_STEP_ON: _("Second step turned on"),
    Deed.SECOND_STEP_OFF: _("Second step turned off"),
    Deed.SECOND_STEP_RESET: _("Second step taken away"),
    Deed.RECOVERY_CODE_USED: _("Recovery code used"),
    Deed.CODE_WAITS: _("Too many wrong codes"),
    Deed.PERSON_ADDED: _("Person added"),
    Deed.PERSON_CHANGED: _("Person changed"),
    Deed.PERSON_SHUT_OUT: _("Person shut out"),
    Deed.PERSON_LET_IN: _("Person let in again"),
    Deed.DEVICE_ADDED: _("Device added"),
    Deed.DEVICE_REVOKED: _("Device taken back"),
    Deed.RATE_SET: _("Exchange rate set"),
    Deed.QUICK_AMOUNTS_SET: _("Quick amounts set"),
    Deed.TIPS_SET: _("Tips set"),
    Deed.DISCOUNTS_SET: _("Discounts set"),
    Deed.LIMITS_SET: _("Limits set"),
    Deed.RECEIPT_LINES_SET: _("Lines on receipts set"),
    Deed.ACCOUNT_ADDED: _("Account added"),
    Deed.ACCOUNT_CHANGED: _("Account changed"),
    Deed.REFUND_ALONE: _("Refund recorded by one person alone"),
    Deed.REFUND_DENIED: _("The bank denies a refund by hand"),
    Deed.REFUND_DENIAL_NOTED: _("Denied refund looked into"),
    Deed.REFUND_RETYPED: _("Transfer of a refund typed again"),
    Deed.DISPUTE_OPENED: _("Dispute opened"),
    Deed.DISPUTE_EVIDENCE: _("Evidence added to a dispute"),
    Deed.DISPUTE_ENDED: _("Dispute ended"),
    Deed.ALERT_ACKNOWLEDGED: _("Alert taken up"),
    Deed.RECIPIENT_ADDED: _("Recipient of alerts added"),
    Deed.RECIPIENT_REMOVED: _("Recipient of alerts removed"),
    Deed.ACCOUNT_USED: _("Another account is paid"),
    Deed.STORE_CHANGED: _("Store changed"),
    Deed.MERCHANT_CHANGED: _("Merchant changed"),
    Deed.TILL_ADDED: _("Till added"),
    Deed.TILL_CHANGED: _("Till changed"),
    Deed.TILL_RETIRED: _("Till retired, or used again"),
    Deed.TOKEN_MADE: _("API token made"),
    Deed.TOKEN_REVOKED: _("API token revoked"),
    Deed.TOKEN_REUSED: _("Copied API token revoked"),
    Deed.WEBHOOK_ADDED: _("Webhook added"),
    Deed.WEBHOOK_PAUSED: _("Webhook paused"),
    Deed.WEBHOOK_RESUMED: _("Webhook told again"),
    Deed.WEBHOOK_SECRET: _("New secret of a webhook"),
    Deed.WEBHOOK_RESENT: _("Event sent again"),
    Deed.WEBHOOK_REMOVED: _("Webhook removed"),
    Deed.SALE_COMPLETED: _("Sale completed, its held money released"),
    Deed.EXPORTED: _("File taken along"),
    Deed.BACKUP_ASKED: _("Backup asked for"),
    Deed.BOOKS_RESTORED: _("Books put back from a backup"),
    Deed.REFUSED: _("Refused"),
}
"""Each deed as pages and files call it."""


def text_of(word: str) -> str:
    """Return a deed in words; one of a newer program by its own word."""
    return DEED[Deed(word)] if word in set(Deed) else word


class AuditEntry(Base):
    """One deed: who did it, about what, with which details; nobody can change or delete it.

    `store_id` is None for what concerns no one store, such as a name nobody has. `body` holds
    the details as canonical JSON. All entries are one chain, in the order of `link`.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_store_id", "store_id", "link"),
        Index("ix_audit_entry_who", "who", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))
    who: Mapped[str] = mapped_column(String(80))
    deed: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(128))
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[int] = mapped_column(Integer, unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def deed_text(self) -> str:
        """What was done, in words; a deed of a newer program by its own word."""
        return text_of(self.deed)

    @property
    def details(self) -> dict[str, Detail]:
        """What else is known of it."""
        told: dict[str, Detail] = json.loads(self.body)
        return told


class AuditEnd(Base):
    """The end of the audit log, one row: without it the newest entry could vanish unseen."""

    __tablename__ = "audit_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_link: Mapped[int] = mapped_column(Integer, default=0)
    last_hash: Mapped[str] = mapped_column(String(64), default="")


END = 1
"""The id of the one row of `AuditEnd`, which the migration puts there."""


def canonical(details: dict[str, Detail]) -> str:
    """Return details as the one text that stands for them."""
    return json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
