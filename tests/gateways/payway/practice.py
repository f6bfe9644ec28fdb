"""A practice bank for one test, and the profile of a merchant of PayWay there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from pos.gateways.base import Account
from pos.sandbox import Merchant, create_sandbox, new_merchant
from tests.gateways.bakong import practice as bakong
from tests.gateways.serving import serving

MERCHANT_ID = "ec000262"


@cache
def merchant() -> Merchant:
    """One merchant for all tests: to make its RSA key takes a second."""
    return new_merchant(MERCHANT_ID, api_key="canary-api-key-of-the-shop", name="Angkor Coffee")


@dataclass
class Practice(bakong.Practice):
    """What a test does at the bank, in the contract's words and, below them, in PayWay's."""

    def pay(self, qr_string: str, **more: Any) -> dict[str, Any]:
        """Pay as a customer and return what was booked, the first of it."""
        self.http.request("DELETE", "/sandbox/faults").raise_for_status()
        return super().pay(qr_string, **more)

    def decline(self, qr_string: str) -> None:
        """Let PayWay refuse the customer's money; paying ends it."""
        self.misbehave(payment_status="DECLINED")

    def refuse_key(self) -> None:
        """Give the merchant another key."""
        other = {"merchant_id": MERCHANT_ID, "private_key": merchant().private_key}
        self.http.post("/sandbox/payway/merchants", json=other).raise_for_status()

    def give_back(self, tran_id: str, amount: str) -> None:
        """Refund in the bank's own portal."""
        wanted = {"merchant_id": MERCHANT_ID, "tran_id": tran_id, "amount": amount}
        self.http.post("/sandbox/payway/refunds", json=wanted).raise_for_status()

    def asked(self) -> list[str]:
        """Return the calls the bank was asked so far."""
        return [call["path"].rsplit("/", 1)[1] for call in self.http.get("/sandbox/calls").json()]


@contextmanager
def practice(folder: Any) -> Iterator[Practice]:
    """Open a bank whose books lie in the folder."""
    app = create_sandbox(ledger_path=folder / "bank.db", merchants=[merchant()])
    with serving(app) as client:
        account = Account(
            gateway="payway",
            base_url=str(client.base_url),
            account_id=MERCHANT_ID,
            token=merchant().api_key,
            refund_key=merchant().public_key,
        )
        yield Practice(account, client)
