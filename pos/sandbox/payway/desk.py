"""The parts of PayWay in one practice bank."""

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from pos import clock
from pos.sandbox.ledger import Ledger, Transfer
from pos.sandbox.payway.bills import Bill, Bills
from pos.sandbox.payway.callbacks import Callbacks
from pos.sandbox.payway.merchants import Merchant, Merchants
from pos.sandbox.payway.standing import Standing, pays, standing_of
from pos.sandbox.payway.table import Call
from pos.sandbox.store import Store


class Desk:
    """Merchants, bills and callbacks over the bank's own ledger, which it only reads."""

    def __init__(self, store: Store, ledger: Ledger, callbacks: Callbacks) -> None:
        self.merchants = Merchants(store)
        self.bills = Bills(store)
        self.callbacks = callbacks
        self._ledger = ledger
        self._made: tuple[int, Counter[tuple[str, str]]] = (0, Counter())
        self._lock = Lock()

    def standing(self, bill: Bill) -> Standing:
        """Return what has become of the bill."""
        return standing_of(bill, self.bills, self._ledger)

    def find(self, merchant_id: str, tran_id: str) -> Standing | None:
        """Return how the bill of this tran_id stands.

        Where one was used again it is the first that was paid, or else the newest.
        """
        bills = self.bills.with_tran_id(merchant_id, tran_id)
        standings = [self.standing(bill) for bill in bills]
        shown = [one for one in standings if one.paid] or standings[-1:]
        return shown[0] if shown else None

    def is_closed(self, md5: str) -> bool:
        """Tell whether the QR of this MD5 is a closed bill's, which a payer's app refuses."""
        bill = self.bills.by_md5(md5)
        return bill is not None and bill.closed_ms is not None

    def is_over(self, call: Call, merchant_id: str) -> bool:
        """Count a call; tell whether it is one too many in this minute of the clock."""
        if call.a_minute is None:
            return False
        minute = int(clock.now().timestamp()) // 60
        with self._lock:
            if self._made[0] != minute:
                self._made = (minute, Counter())
            self._made[1][merchant_id, call.name] += 1
            return self._made[1][merchant_id, call.name] > call.a_minute

    def booked(self, transfers: Iterable[Transfer]) -> None:
        """Tell the merchants of transfers that paid their open bills."""
        for transfer in transfers:
            bill = self.bills.by_md5(transfer.md5)
            if bill is not None and bill.closed_ms is None and pays(transfer):
                self._tell(bill, transfer, {})

    def tell(self, merchant: Merchant, tran_id: str, fields: Mapping[str, Any]) -> bool:
        """Send a callback about a bill, paid or not, with these fields set; False: no address."""
        standing = self.find(merchant.merchant_id, tran_id)
        if standing is not None:
            return self._tell(standing.bill, standing.paid, fields)
        if merchant.callback_url is None:
            return False
        self.callbacks.send(merchant, merchant.callback_url, {"tran_id": tran_id, **fields})
        return True

    def _tell(self, bill: Bill, transfer: Transfer | None, fields: Mapping[str, Any]) -> bool:
        merchant = self.merchants.by_id(bill.merchant_id)
        url = bill.callback_url or (merchant and merchant.callback_url)
        if merchant is None or not url:
            return False
        self.callbacks.send(merchant, url, fields, bill, transfer)
        return True
