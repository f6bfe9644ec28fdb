# A shop that speaks PayWay to the practice bank, with a few lines of its own for the hash.

import base64
import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pos import clock
from pos.sandbox.payway.table import CALLS, PAYMENTS, RATE_PATH, REFUND_PATH

PATHS = {"exchange-rate": RATE_PATH, "refund": REFUND_PATH}
QR = {"payment_option": "abapay_khqr", "lifetime": "5", "qr_image_template": "template1"}
NUMBERS = itertools.count(1)


def hash_of(key: str, order: tuple[str, ...], fields: dict[str, Any]) -> str:
    message = "".join(str(fields.get(name) or "") for name in order)
    return base64.b64encode(
        hmac.new(key.encode(), message.encode(), hashlib.sha512).digest()
    ).decode()


def encoded(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.b64encode(text.encode()).decode()


@dataclass
class Shop:
    """A merchant with its keys, and the line to the bank."""

    http: httpx.Client
    merchant_id: str
    api_key: str = field(repr=False)
    public_key: str

    def path(self, call: str) -> str:
        return PATHS.get(call, f"{PAYMENTS}/{call}")

    def signed(self, call: str, **fields: Any) -> dict[str, Any]:
        time = "request_time" if call == "refund" else "req_time"
        sent = {time: f"{clock.now():%Y%m%d%H%M%S}", "merchant_id": self.merchant_id} | fields
        return {"hash": hash_of(self.api_key, CALLS[call].order, sent)} | sent

    def ask(self, call: str, **fields: Any) -> httpx.Response:
        return self.http.post(self.path(call), json=self.signed(call, **fields))

    def generate(
        self, amount: str = "1.50", currency: str = "USD", **fields: Any
    ) -> dict[str, Any]:
        tran_id = fields.pop("tran_id", None) or f"T{next(NUMBERS):06d}"
        wanted = {"tran_id": tran_id, "amount": amount, "currency": currency} | QR | fields
        answer = self.ask("generate-qr", **wanted)
        assert answer.status_code == 200, answer.text
        return answer.json() | {"tran_id": tran_id}

    def check(self, tran_id: str) -> httpx.Response:
        return self.ask("check-transaction-2", tran_id=tran_id)

    def state(self, tran_id: str) -> dict[str, Any]:
        answer = self.check(tran_id)
        assert answer.json()["status"]["code"] == "00", answer.text
        state: dict[str, Any] = answer.json()["data"]
        return state

    def word(self, tran_id: str) -> str:
        return str(self.state(tran_id)["payment_status"])

    def sealed(self, order: object) -> str:
        key = load_pem_public_key(self.public_key.encode())
        raw = json.dumps(order).encode()
        parts = [raw[at : at + 117] for at in range(0, len(raw), 117)]
        return base64.b64encode(b"".join(key.encrypt(one, PKCS1v15()) for one in parts)).decode()

    def refund(self, tran_id: str, amount: object, **order: object) -> httpx.Response:
        wanted = {"mc_id": self.merchant_id, "tran_id": tran_id, "refund_amount": amount} | order
        return self.ask("refund", merchant_auth=self.sealed(wanted))

    def pay(self, qr: str, **wishes: Any) -> list[dict[str, Any]]:
        answer = self.http.post("/sandbox/pay", json={"qr": qr, **wishes})
        assert answer.status_code == 201, answer.text
        booked: list[dict[str, Any]] = answer.json()["transfers"]
        return booked

    def paid(self, amount: str = "1.50", currency: str = "USD", **wishes: Any) -> str:
        bill = self.generate(amount, currency)
        self.pay(bill["qrString"], **wishes)
        return str(bill["tran_id"])

    def misbehave(self, **switches: object) -> None:
        assert self.http.post("/sandbox/faults", json=switches).status_code == 200


def open_shop(http: httpx.Client, merchant_id: str = "shop01", **given: object) -> Shop:
    answer = http.post("/sandbox/payway/merchants", json={"merchant_id": merchant_id, **given})
    assert answer.status_code == 201, answer.text
    return Shop(http, **answer.json())
