"""The tills of a soak that PayWay pays, and its money told as the other bank tells it.

PayWay credits its merchants itself: a transfer pays a bill, and what the shop hears of is the
bill, by its number. Here a bill's first transfer becomes one over the bill, so that one checker
proves both kinds of tills.
"""

import sqlite3
from typing import Any

from pos.launch.asking import open_merchant
from pos.services.banking.public_address import PATHS
from pos.services.shop.shops import NewAccount, add_account, pay_till_on
from tests.factories import ACCOUNT_ID
from tests.sim.books import Books

MERCHANT_ID = "mekong_soak"

_BANKS_OWN = "abaakhppxxx@abaa"
"""The account of every bill; money to any other did not pay it."""


def pay_tills(till_ids: list[int], bank_url: str, shop_url: str) -> None:
    """Have these tills of the first merchant paid by PayWay, which posts to the shop."""
    if not till_ids:
        return
    keys = open_merchant(bank_url, MERCHANT_ID, shop_url + PATHS["payway"])
    account = NewAccount(
        gateway="payway",
        base_url=bank_url,
        account_id=MERCHANT_ID,
        token=keys[0],
        refund_key=keys[1],
        daily_quota=0,
        is_practice=True,
    )
    account_id = add_account(1, account).id
    for till_id in till_ids:
        pay_till_on(till_id, account_id)


class BooksOfBoth(Books):
    """Both sides' books, where some tills are paid by PayWay."""

    def __init__(self, sides: Any) -> None:
        super().__init__(sides)
        self.by_payway = sum(one["gateway"] == "payway" for one in self.money)
        self.money = [_of_merchant(one) for one in self.money]
        bills = {one["md5"]: one for one in _bills(sides.ledger)}
        told = (_told(one, bills.get(one["md5"])) for one in self.transfers)
        self.transfers, seen = [], set()
        for one in filter(None, told):
            # Of two transfers on one bill the first is the payment.
            name = one["hash"] if one["bill"] is None or one["bill"] in seen else one["bill"]
            seen.add(one["bill"])
            self.transfers.append({**one, "hash": name})
        self.by_hash = {one["hash"]: one for one in self.transfers}
        self.shown = {}
        for one in self.transfers:
            self.shown.setdefault(one["md5"], one)
        self.unseen = len(self.transfers) - len(self.shown)


def _bills(ledger: sqlite3.Connection) -> list[Any]:
    return ledger.execute("SELECT * FROM payway_bill").fetchall()


def _of_merchant(money: Any) -> dict[str, Any]:
    """Return money of the merchant as money of the shop's other account."""
    row = dict(money)
    is_ours = (row["gateway"], row["receiver"]) == ("payway", MERCHANT_ID)
    return {**row, "receiver": ACCOUNT_ID} if is_ours else row


def _told(transfer: Any, bill: Any) -> dict[str, Any] | None:
    """Return a transfer as the shop is told of it; None for one that paid no bill after all."""
    row = dict(transfer)
    if bill is None:
        return {**row, "bill": None}
    if row["to_account"].lower() != _BANKS_OWN:
        return None
    if row["currency"] != bill["currency"]:
        # The soak's customers give the very worth of the bill, which is what the merchant gets.
        row |= {"amount_minor": bill["amount_minor"], "currency": bill["currency"]}
    return {
        **row,
        "bill": bill["tran_id"],
        "md5": f"{bill['tran_id']}:{bill['currency']}",
        "to_account": ACCOUNT_ID,
        # PayWay writes whole seconds.
        "created_ms": row["created_ms"] // 1000 * 1000,
    }
