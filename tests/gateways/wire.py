"""A bank that misbehaves on the wire: it does to each caller what a script says, byte by byte."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]
"""What is done to one caller once its request has been read."""


@dataclass
class Bank:
    """Where it listens, and each request it has read, whole."""

    port: int
    scheme: str = "http"
    heard: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def bank(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Bank]:
    """Listen on a free loopback port and play the script to every caller until the block ends."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        here = Bank(listener.getsockname()[1], "https" if tls else "http")
        args = (listener, script, tls, here, over)
        thread = threading.Thread(target=_serve, args=args, daemon=True)
        thread.start()
        try:
            yield here
        finally:
            over.set()
            thread.join(5)


def _serve(
    listener: socket.socket,
    script: Script,
    tls: ssl.SSLContext | None,
    here: Bank,
    over: threading.Event,
) -> None:
    callers = []
    while not over.is_set():
        try:
            caller, _ = listener.accept()
        except TimeoutError:
            continue
        args = (caller, script, tls, here)
        callers.append(threading.Thread(target=_answer, args=args, daemon=True))
        callers[-1].start()
    for thread in callers:
        thread.join(5)


def _answer(caller: socket.socket, script: Script, tls: ssl.SSLContext | None, here: Bank) -> None:
    caller.settimeout(5)
    try:
        with tls.wrap_socket(caller, server_side=True) if tls else caller as talk:
            here.heard.append(request(talk))
            script(talk)
    except OSError:
        caller.close()  # The caller hung up, which is what some of these scripts are for.


def request(talk: socket.socket) -> bytes:
    """Read one request, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(talk)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += _some(talk)
    return head + b"\r\n\r\n" + body


def _some(talk: socket.socket) -> bytes:
    data = talk.recv(65536)
    if not data:
        raise ConnectionError("the caller left")
    return data


def message(
    body: bytes = b"{}",
    *,
    status: int = 200,
    length: int | None = None,
    connection: str = "close",
    **headers: str,
) -> bytes:
    """A whole HTTP answer; `length` may lie about the body's."""
    lines = [f"HTTP/1.1 {status} Something", f"Connection: {connection}"]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(data: bytes) -> Script:
    """Send these bytes and close."""
    return lambda talk: talk.sendall(data)


def trickle(data: bytes, pause: float, at_once: int = 0) -> Script:
    """Send one byte, wait, send the next; the first `at_once` bytes come together."""

    def play(talk: socket.socket) -> None:
        talk.sendall(data[:at_once])
        for byte in data[at_once:]:
            talk.sendall(bytes([byte]))
            time.sleep(pause)

    return play


def hang(seconds: float, first: bytes = b"") -> Script:
    """Send what there is, then nothing, and keep the line open until the caller leaves it."""

    def play(talk: socket.socket) -> None:
        talk.sendall(first)
        talk.settimeout(seconds)
        talk.recv(1)

    return play


def reset(first: bytes = b"") -> Script:
    """Send what there is, then end the connection with a reset."""

    def play(talk: socket.socket) -> None:
        talk.sendall(first)
        time.sleep(0.05)
        talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        talk.close()

    return play
