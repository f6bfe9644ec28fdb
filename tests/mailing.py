"""A mail server that misbehaves by a script: a real socket, one thread for each caller."""

import base64
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class MailHost:
    """Where it listens, what each caller said, and the mails it took.

    `answers` are said to a command instead of what is usual, "" for nothing at all.
    """

    port: int
    tls: ssl.SSLContext | None
    answers: Mapping[str, str]
    trickle_seconds: float
    heard: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)

    @property
    def logins(self) -> list[str]:
        """The names and passwords that were sent here."""
        words = [line.split()[-1] for line in self.heard if line.startswith("AUTH PLAIN")]
        return [base64.b64decode(word).decode() for word in words]


@contextmanager
def mail_host(
    answers: Mapping[str, str] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    trickle_seconds: float = 0,
) -> Iterator[MailHost]:
    """Listen on a free loopback port until the block ends; `tls` is offered by STARTTLS."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        host = MailHost(listener.getsockname()[1], tls, answers or {}, trickle_seconds)
        thread = threading.Thread(target=_serve, args=(listener, host, over), daemon=True)
        thread.start()
        try:
            yield host
        finally:
            over.set()
            thread.join(5)


def _serve(listener: socket.socket, host: MailHost, over: threading.Event) -> None:
    while not over.is_set():
        try:
            caller, _ = listener.accept()
        except TimeoutError:
            continue
        threading.Thread(target=_talk, args=(caller, host), daemon=True).start()


def _talk(caller: socket.socket, host: MailHost) -> None:
    caller.settimeout(5)
    wires = [caller]
    try:
        _session(wires, host)
    except (OSError, ValueError):
        pass  # The caller hung up, which is what some of these scripts are for.
    finally:
        for wire in wires:
            wire.close()


def _session(wires: list[socket.socket], host: MailHost) -> None:
    """Talk to one caller; `wires` ends with the socket in use."""
    wire = wires[-1]
    _say(wire, host, host.answers.get("HELLO", "220 here"))
    lines = wire.makefile("rb")
    while line := lines.readline().decode().rstrip("\r\n"):
        host.heard.append(line)
        word = line.split()[0].upper()
        _say(wire, host, host.answers.get(word, _usual(host, word)))
        if word == "STARTTLS" and host.tls and word not in host.answers:
            lines.close()
            wire = host.tls.wrap_socket(wire, server_side=True, do_handshake_on_connect=False)
            wires.append(wire)
            wire.do_handshake()
            lines, host.tls = wire.makefile("rb"), None
        elif word == "DATA" and word not in host.answers:
            host.mails.append(_mail(lines))
            _say(wire, host, host.answers.get("END", "250 taken"))


def _usual(host: MailHost, word: str) -> str:
    offers = "250-STARTTLS\r\n" if host.tls else ""
    return {
        "EHLO": f"250-here\r\n{offers}250 AUTH PLAIN",
        "STARTTLS": "220 go",
        "AUTH": "235 welcome",
        "DATA": "354 go on",
        "QUIT": "221 bye",
    }.get(word, "250 ok")


def _mail(lines: BinaryIO) -> str:
    text = b""
    while (line := lines.readline()) not in (b".\r\n", b""):
        text += line
    return text.decode()


def _say(wire: socket.socket, host: MailHost, text: str) -> None:
    data = f"{text}\r\n".encode() if text else b""
    if not host.trickle_seconds:
        wire.sendall(data)
        return
    for byte in data:
        wire.sendall(bytes([byte]))
        time.sleep(host.trickle_seconds)
