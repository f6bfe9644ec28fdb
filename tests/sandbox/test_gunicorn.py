# The server of `make run` ends connections its own way, so what breaks them is tried on it too.

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import Caller, new_token
from tests.sandbox.qrs import make_qr


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("gunicorn")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}"]
        command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
        command += ["--keep-alive", "75"]  # Longer than a test waits: only hanging up ends one.
        command += [f"pos.sandbox:create_sandbox(ledger_path='{folder}/ledger.db')"]
        with (
            open(folder / "log", "wb") as log,
            subprocess.Popen(
                command, pass_fds=[listener.fileno()], stdout=log, stderr=log
            ) as server,
        ):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.terminate()
            server.wait(10)
    assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture
def served_bank(gunicorn: str) -> Iterator[Caller]:
    with httpx.Client(base_url=gunicorn, timeout=5) as http:
        http.get("/sandbox/health", timeout=30)  # Waits in the listener's queue for the start.
        http.delete("/sandbox/faults")
        yield Caller(http, new_token(http))


@pytest.mark.parametrize("switch", [{"drop": True}, {"hang": 0.1}, {"cut": True}])
def test_connection_ends_and_the_next_one_works(
    served_bank: Caller, switch: dict[str, object]
) -> None:
    served_bank.misbehave(**switch, calls=1)
    with pytest.raises(httpx.RemoteProtocolError):
        served_bank.check(make_qr())
    assert served_bank.check(make_qr()).status_code == 200


def test_connection_is_reset_and_the_next_one_works(served_bank: Caller) -> None:
    served_bank.misbehave(reset=True, calls=1)
    with pytest.raises(httpx.ReadError):
        served_bank.check(make_qr())
    assert served_bank.check(make_qr()).status_code == 200


def test_body_without_a_length_seems_whole(served_bank: Caller) -> None:
    served_bank.misbehave(close_delimited=True, calls=1)
    answer = served_bank.check(make_qr())
    assert (answer.status_code, answer.headers.get("Content-Length")) == (200, None)
    assert answer.text.startswith('{"responseCode": 1') and not answer.text.endswith("}")
    assert served_bank.check(make_qr()).status_code == 200


def test_bytes_trickle_and_bodies_are_padded(served_bank: Caller) -> None:
    served_bank.misbehave(trickle=0.002, calls=1)
    assert served_bank.check(make_qr()).json()["errorCode"] == 1
    served_bank.misbehave(huge_body=1_000_000, calls=1)
    assert len(served_bank.check(make_qr()).content) == 1_000_000


def test_qr_is_paid_and_found(served_bank: Caller) -> None:
    qr = make_qr(bill_number="GUNICORN")
    assert served_bank.check(qr).json()["errorCode"] == 1
    served_bank.pay(qr)
    assert served_bank.check(qr).json()["data"]["amount"] == 3.5
