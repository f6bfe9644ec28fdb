"""Connections that end when a deadline does, to addresses that may be asked.

The timeouts of an HTTP client are per read: a server that sends one byte at a time holds the
caller as long as it likes. Here every wait on the socket is cut at the one deadline of the
exchange that is under way in this thread; looking up the name and the TLS handshake too.
"""

import math
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from pos.gateways.addresses import May, literal, of_a_gateway

_KEEP_IDLE_SECONDS = 5.0
_LOOKUPS = threading.BoundedSemaphore(8)
"""A name server that hangs may hold this many threads, never one for each question."""

NO_ADDRESS = "the name has no address that may be asked"

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)

_RAISED = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End every wait of this thread's connections `seconds` from now, by the wall."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine by its very name: localhost or a literal."""
    address = literal(host)
    return host == "localhost" if address is None else address.is_loopback


class DeadlineTransport(httpx.BaseTransport):
    """What an httpx client sends through: plain HTTP/1.1, no proxy, TLS always verified.

    The certificates are certifi's, or those `SSL_CERT_FILE` or `SSL_CERT_DIR` name. `may` has the
    say about each address, at the moment of connecting to it.
    """

    def __init__(self, *, connections: int, may: May = of_a_gateway) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=connections,
            keepalive_expiry=_KEEP_IDLE_SECONDS,
            network_backend=_Backend(may),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is read by whoever asked."""
        url = request.url
        with _as_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.read(),
                    extensions=request.extensions,
                )
            )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Drop every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The two packages name their errors alike; callers know httpx's alone."""
    try:
        yield
    except _RAISED as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error


class _Backend(httpcore.NetworkBackend):
    def __init__(self, may: May) -> None:
        self._may = may
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        by = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        found = _addresses(host, port, by - time.monotonic())
        addresses = [text for text in found if self._may(host, ip_address(text))]
        failure: Exception = httpcore.ConnectError(NO_ADDRESS)
        for tried, address in enumerate(addresses):
            # A dead first address must not eat the time of the second.
            share = max(by - time.monotonic(), 0.001) / (len(addresses) - tried)
            try:
                stream = self._plain.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream)
        raise failure


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, error: type[Exception]) -> float:
    left = min(_ends.get() - time.monotonic(), math.inf if timeout is None else timeout)
    if left <= 0:
        raise error("the deadline has passed")
    return left


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host as they are connected to: nobody looks its name up again."""
    if literal(host) is not None:
        return [host]
    return [text.partition("%")[0] for text in _look_up(host, port, seconds)]


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The system's resolver knows no timeout, so it is asked in a thread that may be left."""
    if not _LOOKUPS.acquire(timeout=seconds):
        raise httpcore.ConnectTimeout("the name server does not answer")
    answer: Future[list[str]] = Future()

    def look() -> None:
        try:
            lines = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.set_result([str(line[4][0]) for line in lines])
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)
        finally:
            _LOOKUPS.release()

    threading.Thread(target=look, name="name-lookup", daemon=True).start()
    try:
        return answer.result(timeout=seconds)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout("the name server does not answer") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("the name is not known") from error
