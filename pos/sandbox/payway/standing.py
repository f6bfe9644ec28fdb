"""What has become of a bill. The bank's ledger decides; nothing else says that it was paid."""

from dataclasses import dataclass, replace

from pos.money import Money
from pos.sandbox.ledger import Ledger, Transfer
from pos.sandbox.orders import exchanged
from pos.sandbox.payway.bills import Bill, Bills, Refund
from pos.sandbox.payway.qr import ACCOUNT

CODES = {
    "APPROVED": 0,
    "PRE-AUTH": 0,
    "PENDING": 2,
    "DECLINED": 3,
    "DECLINDED": 3,
    "REFUNDED": 4,
    "CANCELLED": 7,
}
"""payment_status and its code. PayWay itself spells one of them in two ways."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A bill with the transfers that paid it, oldest first, and what went back."""

    bill: Bill
    transfers: tuple[Transfer, ...]
    refunds: tuple[Refund, ...]

    @property
    def paid(self) -> Transfer | None:
        """The transfer that is shown: the first."""
        return self.transfers[0] if self.transfers else None

    @property
    def original(self) -> Money:
        """What the merchant gets: the bill, or what a payer gave instead, in its currency."""
        return in_currency_of_bill(self.paid.money, self.bill) if self.paid else self.bill.money

    @property
    def refunded(self) -> Money:
        """What went back in all."""
        return Money(sum(one.amount_minor for one in self.refunds), self.bill.currency)

    @property
    def given_back(self) -> list[tuple[Money, int]]:
        """Each refund and the instant of it."""
        return [(Money(one.amount_minor, self.bill.currency), one.at_ms) for one in self.refunds]

    @property
    def word(self) -> str:
        """The payment_status: a part that went back makes the whole REFUNDED."""
        if self.paid is None:
            return "CANCELLED" if self.bill.closed_ms else "PENDING"
        if self.refunds:
            return "REFUNDED"
        return "PRE-AUTH" if self.bill.is_hold else "APPROVED"

    def as_open(self) -> "Standing":
        """Return the same as if its bill had not been closed."""
        return replace(self, bill=replace(self.bill, closed_ms=None))


def standing_of(bill: Bill, bills: Bills, ledger: Ledger) -> Standing:
    """Return how the bill stands now; money that went to another account did not pay it."""
    good = [one for one in ledger.with_md5(bill.md5) if pays(one)]
    return Standing(bill, tuple(good), tuple(bills.refunds(bill)))


def pays(transfer: Transfer) -> bool:
    """Tell whether the transfer went through, to the account of the bills."""
    return not transfer.is_failed and transfer.to_account.lower() == ACCOUNT


def in_currency_of_bill(money: Money, bill: Bill) -> Money:
    """Return the payer's money as the merchant gets it: the very bill, if it is worth that."""
    if money.currency is bill.currency:
        return money
    worth_the_bill = money == exchanged(bill.money, money.currency)
    return bill.money if worth_the_bill else exchanged(money, bill.currency)
