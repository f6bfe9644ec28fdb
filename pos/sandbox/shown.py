"""A QR as a bank app reads it: whom it pays, how much, and until when."""

from dataclasses import dataclass
from datetime import datetime

from pos import khqr
from pos.errors import BadInput
from pos.khqr import KhqrError
from pos.money import Currency, Money

_UNREADABLE = "This is not a QR that a bank app can read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQr:
    """What a bank app learns from a QR; `amount` is None where the payer types it."""

    text: str
    md5: str
    account: str
    shop: str
    city: str
    bank: str | None
    currency: Currency
    amount: Money | None
    bill_number: str | None
    store_label: str | None
    terminal_label: str | None
    purpose: str | None
    expires_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the last instant at which it may be paid is over."""
        return self.expires_at is not None and self.expires_at < now


def read_qr(text: str) -> ShownQr:
    """Return what the QR says; BadInput for one that no bank app would read.

    An expired QR and one without an expiry are read all the same: some banks' apps issue the
    latter, and whether the former may be paid is the payer's side to decide.
    """
    try:
        decoded = khqr.decode(text)
        if not khqr.is_intact(text):
            raise BadInput(f"{_UNREADABLE}: its checksum or its account is wrong.")
        return ShownQr(
            text=text,
            md5=khqr.md5_of(text),
            account=decoded.bakong_account_id or "",
            shop=decoded.merchant_name or "",
            city=decoded.merchant_city or "",
            bank=decoded.acquiring_bank,
            currency=decoded.currency,
            amount=decoded.amount,
            bill_number=decoded.bill_number,
            store_label=decoded.store_label,
            terminal_label=decoded.terminal_label,
            purpose=decoded.purpose_of_transaction,
            expires_at=decoded.expires_at,
        )
    except KhqrError as error:
        raise BadInput(f"{_UNREADABLE}: {error.message}.") from error
