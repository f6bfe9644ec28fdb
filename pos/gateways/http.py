"""The one way out of the shop: a request to a gateway, and what came back.

A whole exchange ends by the wall clock, whatever the server trickles; redirects are not
followed, cookies not kept, bodies read to 64 KiB and no further, unless a call expects more.
What failed is told by class: nothing was sent (GatewayUnreachable), or sent and unanswered
(GatewaySilent). A reply with an error status is still a reply: what it means is the gateway's
own table to say.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLCertVerificationError

import httpx

from pos.errors import BadInput, GatewaySilent, GatewayUnreachable
from pos.gateways.reply import MAX_BODY_BYTES, Reply
from pos.gateways.sockets import NO_ADDRESS, DeadlineTransport, deadline, is_loopback
from pos.version import __version__

DEADLINE_SECONDS = 8.0
CONNECT_SECONDS = 5.0
MAX_CONNECTIONS = 4

_USER_AGENT = f"KHQR-POS/{__version__}"
"""A front server of Bakong refuses a missing or odd one, by two reports."""

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)

log = logging.getLogger(__name__)

# They would note each request with its whole address, and the cookies of each answer; ours is
# noted below, redacted.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Wire:
    """An httpx client with the house's limits; safe to share between threads."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            transport=transport or DeadlineTransport(connections=MAX_CONNECTIONS),
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
        )

    def exchange(
        self,
        url: str,
        body: bytes,
        *,
        token: str = "",
        content_type: str = "application/json",
        seconds: float = DEADLINE_SECONDS,
        most_bytes: int = MAX_BODY_BYTES,
        shown_path: str = "",
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send the body and return the reply; GatewayUnreachable or GatewaySilent.

        `seconds` is the whole of it: name, connection, TLS, sending and reading. What is longer
        than `most_bytes` cannot be read as an answer. `shown_path` is what the log has instead
        of a path that holds a secret, `more` headers that go with it.
        """
        headers = {"Content-Type": content_type, "Accept": "application/json", **(more or {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        started = time.monotonic()
        try:
            safe = _may_carry_secrets(url)
            with deadline(seconds):
                reply = self._send(safe, body, headers, token, seconds, most_bytes)
        except (httpx.InvalidURL, BadInput) as error:
            raise GatewayUnreachable(f"the address is refused: {error}") from error
        except (httpx.TransportError, OSError) as error:
            _note(safe, shown_path, type(error).__name__, started, logging.WARNING)
            raise _told(error) from error
        _note(safe, shown_path, str(reply.status), started, logging.INFO)
        return reply

    def _send(
        self,
        url: httpx.URL,
        body: bytes,
        headers: Mapping[str, str],
        token: str,
        seconds: float,
        most_bytes: int,
    ) -> Reply:
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        request = self._client.stream("POST", url, content=body, headers=headers, timeout=timeout)
        with request as response:
            heard = bytearray()
            for part in response.iter_raw():
                heard += part
                if len(heard) > most_bytes:
                    break
            status, told = response.status_code, response.headers
            return Reply.of(status, told, bytes(heard), token, most_bytes)

    def close(self) -> None:
        """Drop every connection."""
        self._client.close()


_shared: Wire | None = None
_making = threading.Lock()


def exchange(
    url: str,
    body: bytes,
    *,
    token: str = "",
    content_type: str = "application/json",
    seconds: float = DEADLINE_SECONDS,
    most_bytes: int = MAX_BODY_BYTES,
    shown_path: str = "",
) -> Reply:
    """Send the body over the wire that all gateways of this process share; see `Wire`."""
    global _shared
    with _making:
        wire = _shared = _shared or Wire()
    return wire.exchange(
        url,
        body,
        token=token,
        content_type=content_type,
        seconds=seconds,
        most_bytes=most_bytes,
        shown_path=shown_path,
    )


def use(wire: Wire | None) -> None:
    """Send everything through `wire` from now on; None makes a new one with the defaults."""
    global _shared
    _shared = wire


def _start_afresh() -> None:
    """A worker forked from a warm process shares neither its sockets nor its locks."""
    global _making
    _making = threading.Lock()
    use(None)


os.register_at_fork(after_in_child=_start_afresh)


def check_address(typed: str) -> str:
    """Return a gateway's address as it is kept, without a closing slash.

    BadInput, in words for the screen, for one that must not be given keys: it has to start
    with https://, or stay on this machine.
    """
    text = typed.strip().rstrip("/")
    try:
        url = _may_carry_secrets(text)
    except httpx.InvalidURL as error:
        raise BadInput("The bank's address cannot be read as a web address.") from error
    if url.userinfo or url.query or url.fragment:
        raise BadInput("The bank's address must end with its host or path.")
    return text


def _may_carry_secrets(text: str) -> httpx.URL:
    url = httpx.URL(text)
    secure = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))
    if not url.host or not secure:
        raise BadInput("The bank's address must start with https://.")
    if not 0 < (url.port or 443) < 65536:
        raise BadInput("The bank's address names a port that cannot be.")
    return url


def _told(error: Exception) -> GatewayUnreachable | GatewaySilent:
    if isinstance(error, _NOT_SENT):
        code = "certificate" if _is_unproven(error) else ""
        code = "address" if str(error) == NO_ADDRESS else code
        return GatewayUnreachable(str(error) or type(error).__name__, code=code)
    return GatewaySilent(str(error) or type(error).__name__)


def _is_unproven(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _note(url: httpx.URL, shown_path: str, result: str, started: float, level: int) -> None:
    took_ms = round((time.monotonic() - started) * 1000)
    log.log(level, "POST %s %s -> %s in %d ms", url.host, shown_path or url.path, result, took_ms)
