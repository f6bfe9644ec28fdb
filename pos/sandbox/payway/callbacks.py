"""Callbacks: one POST each, from a thread of its own, never sent again, or as the switches say.

Source: PayWay guides of 2026 and reports of their test host: one try, five seconds' patience.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from pos import clock
from pos.sandbox.faults import Faults, Taken
from pos.sandbox.ledger import Transfer
from pos.sandbox.payway.bills import Bill
from pos.sandbox.payway.merchants import Merchant
from pos.sandbox.payway.signing import RAW, SORTED, callback_signature, signature
from pos.sandbox.payway.told import full_body, seed_body, short_body

KEPT = 2000
PATIENCE_SECONDS = 5.0
PATH = "/callback"
"""Stands for every callback where a switch names a path."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One POST: `status` is what was answered, None with an `error` where nothing was."""

    at: str
    url: str
    style: str
    body: str
    status: int | None
    error: str | None


class Callbacks:
    """Sends callbacks, and remembers the last of them in the order in which they ended."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._sent: deque[Sent] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def send(
        self,
        merchant: Merchant,
        url: str,
        fields: Mapping[str, Any],
        bill: Bill | None = None,
        transfer: Transfer | None = None,
    ) -> None:
        """Tell `url` of the bill, these fields set so; returns at once."""
        taken = self._faults.take(PATH, sent=True)
        if "callback_never" in taken:
            return
        style = str(taken.get("callback_style", "payway"))
        body = _body(style, taken, bill, transfer) | taken.get("callback_set", {}) | dict(fields)
        raw, headers = _signed(style, taken, merchant, body)
        work = (taken.get("callback_delay", 0), url, style, raw, headers)
        for _ in range(taken.get("callback_copies", 1)):
            threading.Thread(target=self._deliver, args=work, daemon=True).start()

    def sent(self) -> list[dict[str, Any]]:
        """Return what was sent, newest last."""
        with self._lock:
            return [asdict(one) for one in self._sent]

    def _deliver(
        self, delay: float, url: str, style: str, raw: bytes, headers: dict[str, str]
    ) -> None:
        time.sleep(delay)
        at = clock.now().isoformat(timespec="milliseconds")
        status, error = None, None
        try:
            status = _post(url, raw, headers)
        except (OSError, HTTPException, ValueError) as problem:
            error = f"{type(problem).__name__}: {problem}"
        with self._lock:
            self._sent.append(Sent(at, url, style, raw.decode(), status, error))


def _body(style: str, taken: Taken, bill: Bill | None, transfer: Transfer | None) -> Body:
    if style == "seed":
        return seed_body(bill)
    if bill is not None and "callback_full" in taken:
        return full_body(bill, transfer)
    return short_body(bill, transfer)


def _signed(
    style: str, taken: Taken, merchant: Merchant, body: Body
) -> tuple[bytes, dict[str, str]]:
    """Return the bytes that are sent and their headers; tampering comes after the signature."""
    key = "another key" if "callback_wrong_key" in taken else merchant.api_key
    headers = {"Content-Type": "application/json", "User-Agent": "PayWayApp/3.0"}
    if style in ("payway", "both"):
        headers[SORTED] = callback_signature(key, body)
    if style in ("seed", "both"):
        headers[RAW] = signature(key, json.dumps(body))
    if "callback_tampered" in taken:
        body = body | {"status": "failed" if style == "seed" else "7"}
    if "callback_shuffled" in taken:
        body = dict(reversed(body.items()))
    return json.dumps(body).encode(), headers


def _post(url: str, raw: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    with closing(connection):
        query = f"?{parts.query}" if parts.query else ""
        connection.request("POST", (parts.path or "/") + query, raw, headers)
        return connection.getresponse().status
