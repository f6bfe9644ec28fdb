"""A practice bank for one test, on a real loopback port, and the account of a shop there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from pos.gateways.base import Account
from pos.sandbox import create_sandbox
from tests.gateways.serving import serving

SHOP = "angkor_coffee@aclb"
EMAIL = "shop@example.com"


@dataclass
class Practice:
    """What a test does at the bank, in the contract's words and, below them, in Bakong's."""

    account: Account
    http: httpx.Client

    def pay(self, qr_string: str, **more: Any) -> dict[str, Any]:
        """Pay as a customer and return what was booked, the first of it."""
        answer = self.http.post("/sandbox/pay", json={"qr": qr_string, **more})
        answer.raise_for_status()
        return answer.json()["transfers"][0]

    def decline(self, qr_string: str) -> None:
        """Let the customer's transfer fail."""
        self.pay(qr_string, fail=True)

    def go_silent(self) -> None:
        """Answer nothing for longer than anybody waits."""
        self.misbehave(hang=3)

    def go_down(self) -> None:
        """Answer as a front server whose bank is away."""
        self.misbehave(status=503)

    def garble(self) -> None:
        """Answer half a document."""
        self.misbehave(truncated=True)

    def refuse_key(self) -> None:
        """Take no key any more."""
        self.misbehave(token_expired=True)

    def misbehave(self, **switches: Any) -> None:
        """Turn on switches of the practice bank."""
        self.http.post("/sandbox/faults", json=switches).raise_for_status()

    def behave(self) -> None:
        """Turn all of them off."""
        self.http.delete("/sandbox/faults").raise_for_status()

    def asked(self) -> list[str]:
        """Return the questions the bank was asked so far."""
        return [
            call["path"].removeprefix("/v1/") for call in self.http.get("/sandbox/calls").json()
        ]


@contextmanager
def practice(folder: Any, *, mode: str = "production") -> Iterator[Practice]:
    """Open a bank whose books lie in the folder."""
    app = create_sandbox(ledger_path=folder / "bank.db", mode=mode, accounts=[SHOP], emails=[EMAIL])
    with serving(app) as client:
        token = client.post("/sandbox/tokens", json={"email": EMAIL}).json()["token"]
        account = Account(
            gateway="bakong",
            base_url=str(client.base_url),
            account_id=SHOP,
            token_email=EMAIL,
            token=token,
        )
        yield Practice(account, client)


def as_merchant(account: Account) -> Account:
    """Return the account as a bank's own merchant has it."""
    return replace(account, merchant_id="M-1024", acquiring_bank="ACLEDA Bank Plc.")
