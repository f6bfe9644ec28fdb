"""What every gateway can be asked and what it may answer, as frozen values.

No tables and no Flask here: a service hands in values and gets values back, so a gateway can
be tested with nothing but a socket.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from pos.gateways.deeds import CloseResult, Listing, Rates, RefundResult
from pos.gateways.words import AccountStatus, Outcome, Trouble
from pos.money import Money

__all__ = [
    "Account",
    "AccountStatus",
    "Answer",
    "Capabilities",
    "Gateway",
    "Outcome",
    "PaidFacts",
    "QrIssued",
    "QrRequest",
    "Token",
    "Trouble",
]


@dataclass(frozen=True, kw_only=True)
class Account:
    """A merchant's account at an acquirer and the key to ask about it.

    `token` is a secret and stays out of every repr (Bakong: its token; PayWay: the API key).
    `base_url` is without the version path. The rest is what one gateway or the other needs:
    `refund_key` is a public key in PEM form, `payment_option` the way a QR is asked for,
    `callback_url` where the gateway may post to, "" for what it has on file.
    """

    gateway: str
    base_url: str
    account_id: str
    merchant_id: str = ""
    acquiring_bank: str = ""
    token_email: str = ""
    token: str = field(default="", repr=False)
    refund_key: str = field(default="", repr=False)
    payment_option: str = ""
    callback_url: str = ""


@dataclass(frozen=True, kw_only=True)
class QrRequest:
    """What a QR must say: how much, to whom, for which payment, until when."""

    tran_id: str
    amount: Money
    merchant_name: str
    merchant_city: str
    store_label: str
    till_label: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class QrIssued:
    """A QR ready to show. `lookup` is what a check asks by (Bakong: the QR's MD5)."""

    qr_string: str
    lookup: str
    receiver: str
    deep_link: str = ""


@dataclass(frozen=True, kw_only=True)
class PaidFacts:
    """What the gateway knows of one piece of money that arrived.

    `reference` is the gateway's own unique number for it (Bakong: the ledger hash; PayWay: the
    tran_id, for each is paid once). `refunded` is what the gateway has given back of it since.
    """

    reference: str
    amount: Money
    payer: str
    receiver: str
    paid_at: datetime
    confirmed_at: datetime | None = None
    bank_reference: str = ""
    tracking: str = ""
    refunded: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer to "was this paid?", with what was heard on the wire, redacted.

    `facts` is set when and only when the outcome is PAID; `trouble` when it is UNKNOWN. `says`
    is a sentence for a person, where the gateway's code has one.
    """

    outcome: Outcome
    facts: PaidFacts | None = None
    trouble: Trouble | None = None
    code: str = ""
    http_status: int | None = None
    raw: str = ""
    says: str = ""
    retry_after_seconds: int | None = None

    def __post_init__(self) -> None:
        if (self.facts is None) is (self.outcome is Outcome.PAID):
            raise ValueError("facts belong to PAID, and PAID to facts")
        if (self.trouble is None) is (self.outcome is Outcome.UNKNOWN):
            raise ValueError("trouble belongs to UNKNOWN, and UNKNOWN to trouble")


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a gateway can do beyond making a QR and checking it; screens read this.

    `needs_call_to_make_qr`: the gateway makes it, so a number is used for one QR only, and its
    `lookup` is known before.
    """

    needs_call_to_make_qr: bool = False
    can_refund: bool = False
    can_close: bool = False
    can_list: bool = False
    has_deep_link: bool = False
    can_check_many: bool = False
    can_find_by_receipt: bool = False
    max_qr_seconds: int = 600


@dataclass(frozen=True, kw_only=True)
class Token:
    """A fresh key from the gateway and the instant it ends."""

    value: str = field(repr=False)
    expires_at: datetime


class Gateway(Protocol):
    """One acquirer's or switch's API, opened for one account."""

    name: str
    capabilities: Capabilities

    def lookup_for(self, request: QrRequest) -> str:
        """Return what a check will ask by, or "" where only the QR itself tells."""
        ...

    def issue_qr(self, request: QrRequest) -> QrIssued:
        """Return a QR for the request, or raise a GatewayError or KhqrError."""
        ...

    def check(self, lookup: str) -> Answer:
        """Return what the gateway says of one QR; trouble is an answer, never an exception."""
        ...

    def check_many(self, lookups: list[str]) -> dict[str, Answer]:
        """Return an answer for each lookup, asked together where the gateway allows it."""
        ...

    def requests_for(self, count: int) -> int:
        """Return how many requests a `check_many` of so many lookups may spend of a budget."""
        ...

    def find_by_receipt(self, short_hash: str, amount: Money) -> Answer:
        """Return the payment whose receipt carries these eight characters and this amount.

        BadInput where the characters cannot be a receipt's.
        """
        ...

    def refuse_wrong_account(self) -> None:
        """Raise BadInput, in words for the screen, where the account's fields cannot be right."""
        ...

    def try_key(self) -> Answer:
        """Return what is said of a payment that nobody has: NOT_FOUND where our key is taken."""
        ...

    def check_account(self) -> AccountStatus:
        """Return whether the receiving account exists at the acquirer."""
        ...

    def deep_link(self, qr_string: str, return_url: str) -> str:
        """Return a link that opens a bank app with this QR, or "" where none is to be had."""
        ...

    def token_ends_at(self, token: str) -> datetime | None:
        """Return the end that a key says of itself, or None where it says nothing readable."""
        ...

    def renew_token(self) -> Token:
        """Return a fresh key, or raise: GatewayRejected, Unreachable, Silent or Garbled.

        After a silence the old key may be dead already; only a question tells.
        """
        ...

    def close(self, lookup: str) -> CloseResult:
        """Ask the gateway to let nobody pay this QR any more; trouble is a result."""
        ...

    def refund(self, lookup: str, amount: Money) -> RefundResult:
        """Give money back to its payer, once; trouble is a result. Never called twice blindly."""
        ...

    def list_paid(self, since: datetime, until: datetime) -> Listing:
        """Return the payments of a time, as the gateway has them; trouble is in the listing."""
        ...

    def detail(self, lookup: str) -> Listing:
        """Return the one payment with all that the gateway tells of it."""
        ...

    def exchange_rates(self) -> Rates:
        """Return the rates of the gateway's bank."""
        ...


@runtime_checkable
class ChecksReferences(Protocol):
    """A gateway that can also be asked about money by its own numbers for it, many at once."""

    def check_reference(self, reference: str) -> Answer:
        """Return what is said of the transfer with this `PaidFacts.reference`."""
        ...

    def check_references(self, references: Sequence[str]) -> dict[str, Answer]:
        """Return an answer for each `PaidFacts.reference`; one request for fifty of them."""
        ...


@runtime_checkable
class AsksForLinks(Protocol):
    """A gateway that has to be asked for the deep link of a QR."""

    def ask_link(self, qr_string: str, return_url: str) -> tuple[str, Answer]:
        """Return `deep_link`, and what the answer says of the gateway."""
        ...
