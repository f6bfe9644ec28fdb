import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from werkzeug.serving import make_server

from pos import clock
from pos.khqr import md5_of
from pos.sandbox import create_sandbox
from tests.sandbox.qrs import NOW, SHOP

EMAIL = "till@shop.example"


@dataclass
class Caller:
    """Somebody who speaks to a practice bank over HTTP, with a token of its own."""

    http: httpx.Client
    token: str

    def ask(self, call: str, body: object, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = json.dumps(body)
        return self.http.post(f"/v1/{call}", content=content, headers=sent | headers)

    def check(self, qr: str) -> httpx.Response:
        return self.ask("check_transaction_by_md5", {"md5": md5_of(qr)})

    def pay(self, qr: str, **wishes: Any) -> list[dict[str, Any]]:
        answer = self.http.post("/sandbox/pay", json={"qr": qr, **wishes})
        assert answer.status_code == 201, answer.text
        booked: list[dict[str, Any]] = answer.json()["transfers"]
        return booked

    def misbehave(self, **switches: object) -> None:
        assert self.http.post("/sandbox/faults", json=switches).status_code == 200

    def calls(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.http.get("/sandbox/calls").json()
        return calls


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    clock.use(lambda: NOW)
    yield
    clock.use(None)


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "bank" / "ledger.db"


@pytest.fixture
def practice_bank(ledger_path: Path) -> Flask:
    return create_sandbox(ledger_path=ledger_path, accounts=[SHOP], emails=[EMAIL])


@pytest.fixture
def bank(practice_bank: Flask) -> Iterator[Caller]:
    with in_process(practice_bank) as http:
        yield Caller(http, new_token(http))


@pytest.fixture
def far_bank(practice_bank: Flask) -> Iterator[Caller]:
    """The same bank behind a real socket, for what only a connection can suffer."""
    server = make_server("127.0.0.1", 0, practice_bank, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=5) as http:
            yield Caller(http, new_token(http))
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def in_process(app: Flask) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://bank.test")


def new_token(http: httpx.Client, **wishes: object) -> str:
    token: str = http.post("/sandbox/tokens", json={"email": EMAIL, **wishes}).json()["token"]
    return token
