"""What some gateways can do beside making a QR and checking it: close, refund, list.

`Capabilities` says which of it a gateway can; where it cannot, the deed is REFUSED.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pos.gateways.words import Done, Trouble
from pos.money import Money


@dataclass(frozen=True, kw_only=True)
class CloseResult:
    """Whether nobody can pay a QR any more. `is_paid`: it was too late, ask for the money.

    Even a closed one is watched: gateways are known to close and to be paid all the same.
    """

    done: Done
    is_paid: bool = False
    trouble: Trouble | None = None
    code: str = ""
    says: str = ""
    raw: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundResult:
    """What became of one refund. DONE has `total`: all that was given back of the payment.

    UNKNOWN is never tried again by itself: what was refunded is read first.
    """

    done: Done
    total: Money | None = None
    trouble: Trouble | None = None
    code: str = ""
    says: str = ""
    raw: str = ""

    def __post_init__(self) -> None:
        if (self.total is None) is (self.done is Done.DONE):
            raise ValueError("a total belongs to DONE, and DONE to a total")


@dataclass(frozen=True, kw_only=True)
class ListedTransaction:
    """One payment as a gateway's own list or detail tells it.

    `amount` is what the merchant asked for, `paid` what the payer gave, perhaps in another
    currency; `refunded` is zero or more. `status` is the gateway's word.
    """

    tran_id: str
    status: str
    amount: Money
    paid: Money | None
    refunded: Money
    at: datetime
    approval_code: str = ""
    bank_reference: str = ""
    payer: str = ""
    payment_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The payments a gateway tells of, or the trouble there was.

    `is_whole` is False where rows were left out: trouble on the way, more pages than may be
    asked for, or rows that cannot be read (`unread`).
    """

    rows: tuple[ListedTransaction, ...] = ()
    is_whole: bool = True
    unread: int = 0
    trouble: Trouble | None = None
    code: str = ""
    says: str = ""
    raw: str = ""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What a bank gives and takes for one unit of a currency, in riel."""

    sell: Decimal
    buy: Decimal


@dataclass(frozen=True, kw_only=True)
class Rates:
    """A bank's rates by currency, in three capital letters, or the trouble there was."""

    by_currency: Mapping[str, Rate] = field(default_factory=dict)
    trouble: Trouble | None = None
    code: str = ""
    says: str = ""


_UNABLE = "This bank's interface cannot do that."


class Unable:
    """The deeds of a gateway that has none of them; a gateway overrides what it can."""

    def close(self, lookup: str) -> CloseResult:
        """Return that nothing was closed."""
        return CloseResult(done=Done.REFUSED, says=_UNABLE)

    def refund(self, lookup: str, amount: Money) -> RefundResult:
        """Return that nothing was given back."""
        return RefundResult(done=Done.REFUSED, says=_UNABLE)

    def list_paid(self, since: datetime, until: datetime) -> Listing:
        """Return no rows, and that it is not the whole list."""
        return Listing(is_whole=False, says=_UNABLE)

    def detail(self, lookup: str) -> Listing:
        """Return no row, and that it is not the whole list."""
        return Listing(is_whole=False, says=_UNABLE)

    def exchange_rates(self) -> Rates:
        """Return no rates."""
        return Rates(trouble=Trouble.OTHER, says=_UNABLE)
