"""The same over a real server: gunicorn's threads, and connections that are kept."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from pos.config import Settings
from tests.bench.counter import Counter, Environ
from tests.bench.server import BARE

ROOT = Path(__file__).parents[2]
SCREENS = 8
"""Connections at once; each asks again as soon as it is answered."""
ROUNDS = 7
CALLS = 250
"""Of each connection in each round."""
READY_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A gunicorn with one worker, and the sockets of screens that stay connected to it."""

    worker: psutil.Process
    screens: list[socket.socket]


Measured = dict[str, tuple[float, float]]
"""By name: requests a second, and CPU microseconds of the server for each."""


def ratios_served(counter: Counter, settings: Settings) -> tuple[dict[str, float], Measured]:
    """Return for each screen how its poll's rate stands to the bare route's, and the medians."""
    asked = {"bare": _bytes_of({"PATH_INFO": BARE, "QUERY_STRING": "", "HTTP_COOKIE": ""})}
    asked |= {screen: _bytes_of(request) for screen, request in counter.unchanged().items()}
    with _gunicorn(settings) as server:
        rounds = [
            {name: _measure(server, request) for name, request in asked.items()}
            for _ in range(ROUNDS + 1)
        ][1:]
    medians = {
        name: (median(each[name][0] for each in rounds), median(each[name][1] for each in rounds))
        for name in asked
    }
    return {
        name: median(each[name][0] / each["bare"][0] for each in rounds)
        for name in asked
        if name != "bare"
    }, medians


def _bytes_of(request: Environ) -> bytes:
    query = f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else ""
    cookie = f"Cookie: {request['HTTP_COOKIE']}\r\n" if request["HTTP_COOKIE"] else ""
    return f"GET {request['PATH_INFO']}{query} HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n".encode()


def _measure(server: Server, request: bytes) -> tuple[float, float]:
    """Let every screen ask at once, again and again; return the rate and the server's CPU us."""
    before, begin = cpu_seconds(server.worker), time.perf_counter()
    with ThreadPoolExecutor(SCREENS) as pool:
        list(pool.map(lambda screen: _ask(screen, request), server.screens))
    seconds, asked = time.perf_counter() - begin, SCREENS * CALLS
    return asked / seconds, (cpu_seconds(server.worker) - before) / asked * 1e6


def _ask(screen: socket.socket, request: bytes) -> None:
    status, end = (b"200", b"ok") if BARE.encode() in request else (b"204", b"\r\n\r\n")
    for _ in range(CALLS):
        screen.sendall(request)
        heard = screen.recv(8_192)
        while not heard.endswith(end):
            heard += screen.recv(8_192)
        assert heard[9:12] == status, heard


def cpu_seconds(process: psutil.Process) -> float:
    """Return what a process has had of the processor so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _gunicorn(settings: Settings) -> Iterator[Server]:
    """Serve both apps from one process with the threads of a shop, on a port of its own."""
    port = free_port()
    server = subprocess.Popen(command(port), cwd=ROOT, env=environ(settings))
    screens: list[socket.socket] = []
    try:
        wait_for(server, port)
        screens += [socket.create_connection(("127.0.0.1", port), 10) for _ in range(SCREENS)]
        yield Server(psutil.Process(server.pid).children()[0], screens)
    finally:
        for screen in screens:
            screen.close()
        server.terminate()
        server.wait(10)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def command(port: int) -> list[str]:
    """Return the command of a server of one process for both apps."""
    return [
        *(sys.executable, "-W", "ignore", "-m", "gunicorn", "--no-control-socket"),
        *("--worker-class=gthread", "--workers=1", "--threads=16", "--keep-alive=75"),
        "--config=python:pos.serving",
        *(f"--bind=127.0.0.1:{port}", "--log-level=warning", "--graceful-timeout=1"),
        "tests.bench.server:create_both()",
    ]


def environ(settings: Settings) -> dict[str, str]:
    """Return this program's environment with those settings and no others of a shop."""
    ours = {
        "POS_INSTANCE": str(settings.instance),
        "POS_SECRET_KEY": settings.secret_key.get_secret_value(),
        "POS_VAULT_KEY": settings.vault_key.get_secret_value(),
        "POS_QR_SECONDS": str(settings.qr_seconds),
    }
    return {name: text for name, text in os.environ.items() if name[:4] != "POS_"} | ours


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers; a bound port alone is not yet a worker."""
    end = time.monotonic() + READY_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as screen:
                screen.sendall(
                    _bytes_of({"PATH_INFO": BARE, "QUERY_STRING": "", "HTTP_COOKIE": ""})
                )
                if screen.recv(12).endswith(b"200"):
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("gunicorn did not start")
