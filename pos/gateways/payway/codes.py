"""What PayWay's codes mean: a class for the program, a sentence for who can do something.

A code means something else in each call, so each kind of call has its table; a code that is in
none of them is OTHER and never stops anything.
Source: ABA, developer.payway.com.kh (2026), and what its test host was seen to answer.
"""

from pos.gateways.base import Outcome
from pos.gateways.payway.making_codes import MAKING, OF_PURCHASE, OF_QR
from pos.gateways.payway.refund_codes import REFUNDING
from pos.gateways.payway.said import (
    BUSY,
    UNKNOWN_CODE,
    Reader,
    Said,
    Table,
    at_aba,
    down,
    ours,
    wrong_key,
)
from pos.words import _

_NOT_FOUND = Said(Outcome.NOT_FOUND, _("PayWay has no money for this payment yet."), Reader.CASHIER)
_CLOSED = Said(Outcome.NOT_FOUND, _("PayWay has closed this payment."), Reader.CASHIER)
_UNLISTED = at_aba(_("This server's address is not on the list that ABA keeps."))

_ALL: Table = {
    "1": wrong_key(),
    "04": ours(_("a field of the request")),
    "21": MAKING["21"],
    "26": MAKING["26"],
    "83": MAKING["83"],
    "84": MAKING["84"],
    "87": MAKING["87"],
    "96": MAKING["96"],
    "401": wrong_key(),
    "429": BUSY,
    "500": down(),
    "503": MAKING["503"],
    "999": down(),
    "PTL02": wrong_key(),
}

ASKING: Table = {
    **_ALL,
    "5": wrong_key(),
    "6": _NOT_FOUND,
    "8": MAKING["96"],
    "11": down(),
}
"""Of the checks and the detail. A number made a moment ago is 6 for some seconds."""

LISTING: Table = {
    **_ALL,
    "5": wrong_key(),
    "8": MAKING["96"],
    "11": down(),
    **dict.fromkeys(("49", "50", "51", "52", "53"), ours(_("a date or an amount of a list"))),
}

CLOSING: Table = {
    **_ALL,
    "2": Said(Outcome.PAID, _("The customer has already paid."), Reader.CASHIER),
    "5": _CLOSED,
    "6": _UNLISTED,
    "11": down(),
}
"""2 is "has been approved": the money is to be asked about at once. 5 is a number it has not."""

TABLES: dict[str, Table] = {
    "generate-qr": MAKING | OF_QR,
    "purchase": MAKING | OF_PURCHASE,
    "check-transaction-2": ASKING,
    "check-transaction": ASKING,
    "transaction-detail": ASKING,
    "transaction-list-2": LISTING,
    "get-transactions-by-mc-ref": LISTING,
    "close-transaction": CLOSING,
    "refund": REFUNDING,
    "exchange-rate": LISTING,
}


def said_of(call: str, code: str, message: str = "") -> Said:
    """Return what a code other than success means in this call; never raises.

    A check's "not found" that speaks of the list of addresses is not about the payment.
    """
    said = TABLES[call].get(code, UNKNOWN_CODE)
    if said.means is Outcome.NOT_FOUND and "whitelist" in message.lower():
        return _UNLISTED
    return said
