"""Who is paid: the merchant, its accounts at acquirers, its stores and their tills."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.types import Instant, Name, Reference, UTCDateTime, word

_NOTHING = text("''")


class Merchant(Base):
    """The business that is paid. The name is what a payer's bank app shows."""

    __tablename__ = "merchant"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(25))
    city: Mapped[str] = mapped_column(String(15))
    created_at: Mapped[Instant]


class GatewayAccount(Base):
    """The merchant's account at one acquirer, and the key to ask about it, encrypted.

    `account_id` is who is paid: Bakong's name@bank, PayWay's merchant id. `daily_quota` is how
    many questions a day the gateway allows this key; 0 means no limit.
    Source: a Bakong token is reported to allow about 100.

    PayWay's own: the public key for refunds, how a QR is asked for ("" is the till's call), the
    address it posts to ("" is what it has on file), and whether a callback signed over its raw
    body is taken. `verified_at` is when the bank last said that the account exists.
    """

    __tablename__ = "gateway_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    gateway: Mapped[str] = mapped_column(String(16))
    base_url: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[Reference]
    acquirer_merchant_id: Mapped[str] = mapped_column(String(32), default="")
    acquiring_bank: Mapped[str] = mapped_column(String(32), default="")
    token_email: Mapped[str] = mapped_column(String(30), default="")
    token_sealed: Mapped[str] = mapped_column(Text, default="")
    token_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    renewal_claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    daily_quota: Mapped[int] = mapped_column(Integer, default=100)
    is_practice: Mapped[bool] = mapped_column(Boolean, default=False)
    refund_key_sealed: Mapped[str] = mapped_column(Text, default="")
    payment_option: Mapped[str] = mapped_column(String(24), default="")
    callback_url: Mapped[str] = mapped_column(String(200), default="")
    takes_raw_callbacks: Mapped[bool] = mapped_column(Boolean, default=False)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def __repr__(self) -> str:
        return f"<GatewayAccount {self.gateway} {self.account_id}>"


class Store(Base):
    """A place of business; its label goes into tag 62 of each QR.

    `opening_minute` and `closing_minute` are its hours, in minutes after midnight; None where
    nobody has said. `discount_limit` is the per cent up to which a cashier gives a discount alone;
    None where the store gives none. `asks_tips` lets its customer screens ask for tips.

    From `max_usd` to `blind_count` each is what the setting of that name is by default, in whole
    dollars and riel; None where the store leaves it to the operator. What follows is printed on
    receipts as it stands here; `receipt_text` has two lines at most.
    """

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchant.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"))
    name: Mapped[Name]
    label: Mapped[str] = mapped_column(String(25))
    last_receipt_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    closing_minute: Mapped[int | None] = mapped_column(Integer)
    discount_limit: Mapped[int | None] = mapped_column(Integer)
    asks_tips: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    opening_minute: Mapped[int | None] = mapped_column(Integer)
    max_usd: Mapped[int | None] = mapped_column(Integer)
    max_khr: Mapped[int | None] = mapped_column(Integer)
    cash_limit_usd: Mapped[int | None] = mapped_column(Integer)
    cash_limit_khr: Mapped[int | None] = mapped_column(Integer)
    no_sales: Mapped[int | None] = mapped_column(Integer)
    over_short_usd: Mapped[int | None] = mapped_column(Integer)
    over_short_khr: Mapped[int | None] = mapped_column(Integer)
    blind_count: Mapped[bool | None] = mapped_column(Boolean)
    receipt_address: Mapped[str] = mapped_column(String(120), default="", server_default=_NOTHING)
    receipt_phone: Mapped[str] = mapped_column(String(40), default="", server_default=_NOTHING)
    tax_name: Mapped[str] = mapped_column(String(64), default="", server_default=_NOTHING)
    tax_number: Mapped[str] = mapped_column(String(32), default="", server_default=_NOTHING)
    receipt_text: Mapped[str] = mapped_column(String(130), default="", server_default=_NOTHING)

    merchant: Mapped[Merchant] = relationship()
    account: Mapped[GatewayAccount] = relationship()


class SoundAt(StrEnum):
    """Which device of a till sounds when a payment ends."""

    TILL = "till"
    DISPLAY = "display"


class Till(Base):
    """A place of sale in a store. Its screen version grows with whatever a screen would show.

    It is paid on its store's account unless it has one of its own. `last_link` and `last_hash`
    are the end of its chain of Z reports and corrections. `receipt_sale_id` is the sale whose
    receipt somebody wanted on its display, at `receipt_asked_at`: a plain number, for a sale
    knows its till already, and tables cannot hang on each other both ways. `wrong_codes` counts
    those typed in a row to pair a screen. No shift is opened at a till since `retired_at`. At the
    one `is_online` of a store other programs sell: it has no drawer, and many QRs at a time.
    """

    __tablename__ = "till"
    __table_args__ = (
        UniqueConstraint("store_id", "name"),
        Index("uq_till_online", "store_id", unique=True,
              sqlite_where=text("is_online"), postgresql_where=text("is_online")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    own_account_id: Mapped[int | None] = mapped_column(ForeignKey("gateway_account.id"))
    name: Mapped[Name]
    label: Mapped[str] = mapped_column(String(25))
    screen_version: Mapped[int] = mapped_column(Integer, default=1)
    last_z_number: Mapped[int] = mapped_column(Integer, default=0)
    last_correction_number: Mapped[int] = mapped_column(Integer, default=0)
    last_link: Mapped[int] = mapped_column(Integer, default=0)
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    checked_now_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sound_at: Mapped[SoundAt] = mapped_column(
        word(SoundAt), default=SoundAt.TILL, server_default=SoundAt.TILL
    )
    wrong_codes: Mapped[int] = mapped_column(Integer, default=0)
    codes_wait_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_online: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    receipt_sale_id: Mapped[int | None] = mapped_column(Integer)
    receipt_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    store: Mapped[Store] = relationship()

    @property
    def account_id(self) -> int:
        """The account that this till's next QR is paid on."""
        return self.own_account_id or self.store.account_id
