"""What the proxy must do at its door: TLS, and nothing believed that a visitor says."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx

from pos.services.banking.public_address import PATHS
from tests.rehearse.proxies import Proxy

STRANGER = "127.0.0.9"
"""An address of this machine that the configuration does not take for its own."""

LYING = {
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "off",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Prefix": "/elsewhere",
    "Forwarded": "proto=http;for=203.0.113.7",
}


def wrong(proxy: Proxy) -> Iterator[str]:
    """Return what the proxy does not do as it should; nothing where all is well."""
    with httpx.Client(base_url=proxy.url, verify=proxy.trusting(), trust_env=False) as browser:
        for name, holds in _CHECKS.items():
            if not holds(browser, proxy):
                yield f"the door: {name}"


def _goes_to_https(browser: httpx.Client, proxy: Proxy) -> bool:
    answer = httpx.get(f"{proxy.plain_url}/till", trust_env=False)
    return answer.status_code in (301, 308) and answer.headers["location"].startswith("https://")


def _stays_with_https(browser: httpx.Client, proxy: Proxy) -> bool:
    answers = [browser.get(path) for path in ("/login", "/healthz", "/nowhere")]
    found = [one.headers.get_list("strict-transport-security") for one in answers]
    return found == [["max-age=31536000"]] * 3


def _refuses_old_tls(browser: httpx.Client, proxy: Proxy) -> bool:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2
    new_enough = _shakes_hands(old, proxy, "localhost")
    other_name = _shakes_hands(old, proxy, "elsewhere.example.com")
    return new_enough and not other_name


def _shakes_hands(context: ssl.SSLContext, proxy: Proxy, name: str) -> bool:
    port = urlsplit(proxy.url).port or 443
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            context.wrap_socket(line, server_hostname=name).close()
    except (ssl.SSLError, ConnectionError):
        return False
    return True


def _believes_nobody(browser: httpx.Client, proxy: Proxy) -> bool:
    past_it = httpx.get(f"http://{proxy.hosts[0]}/login", headers=LYING, trust_env=False)
    # gunicorn refuses who says both: so what came through the proxy had lost it.
    return past_it.status_code == 400 and browser.get("/login", headers=LYING).status_code == 200


def _keeps_figures_inside(browser: httpx.Client, proxy: Proxy) -> bool:
    there = httpx.HTTPTransport(local_address=STRANGER, verify=proxy.trusting())
    with httpx.Client(base_url=proxy.url, transport=there, trust_env=False) as stranger:
        closed = [stranger.get(path).status_code for path in ("/readyz", "/metrics", "/healthz")]
    return closed == [403, 403, 200] and browser.get("/readyz").status_code == 200


def _takes_no_large_callback(browser: httpx.Client, proxy: Proxy) -> bool:
    told = {"Content-Type": "application/json"}
    sent = [
        browser.post(PATHS["payway"], content=b"{" * size, headers=told).status_code
        for size in (2_000_000, 70_000, 60_000)
    ]
    return sent[:2] == [413, 413] and sent[2] in (400, 403)


def _is_not_felled_by_a_flood(browser: httpx.Client, proxy: Proxy) -> bool:
    """Send what the app refuses before it has read it; each machine still serves."""
    for path in ("/api/v1/token", PATHS["payway"], "/login"):
        for body in (b"{" * 900_000, iter([b"{" * 900_000])):
            told = {"Content-Type": "application/json"}
            with contextlib.suppress(httpx.TransportError):
                browser.post(path, content=body, headers=told)
    return [browser.get("/healthz").status_code for _ in range(8)] == [200] * 8


def _compresses_no_page(browser: httpx.Client, proxy: Proxy) -> bool:
    page = browser.get("/login", headers={"Accept-Encoding": "gzip, br, zstd"})
    return "content-encoding" not in page.headers and len(page.content) > 1_000


_CHECKS: dict[str, Callable[[httpx.Client, Proxy], bool]] = {
    "plain HTTP leads to HTTPS": _goes_to_https,
    "one HSTS header, on errors too": _stays_with_https,
    "TLS 1.2 is taken, another name is not": _refuses_old_tls,
    "what a visitor says of itself is not believed": _believes_nobody,
    "/readyz and /metrics are for inside alone": _keeps_figures_inside,
    "a callback of more than 64 KiB is refused": _takes_no_large_callback,
    "a flood of large bodies fells no machine": _is_not_felled_by_a_flood,
    "no page is compressed on the way": _compresses_no_page,
}
