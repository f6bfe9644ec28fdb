import socket

import pytest

from pos.errors import BadInput, GatewayUnreachable
from pos.gateways import http


@pytest.mark.parametrize(
    "typed",
    [
        "https://api-bakong.nbc.gov.kh",
        "https://relay.example:8443/bakong",
        "http://127.0.0.1:5001",
        "http://localhost:5001",
        "http://[::1]:5001",
    ],
)
def test_a_secure_address_or_one_on_this_machine_is_kept(typed):
    assert http.check_address(f" {typed}/ ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "api-bakong.nbc.gov.kh",
        "http://api-bakong.nbc.gov.kh",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.5",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://",
        "https://user:word@bank.example",
        "https://bank.example/?to=",
        "https://bank.example/#top",
        "https://bank.example:99999",
        "https://bank\n.example",
        "https://[::1",
    ],
)
def test_an_address_that_must_not_be_given_keys_is_refused(typed):
    with pytest.raises(BadInput):
        http.check_address(typed)


def test_nothing_is_sent_without_tls_to_another_machine():
    with pytest.raises(GatewayUnreachable, match="https"):
        http.exchange("http://bank.example/v1/x", b"{}", token="shop-key")


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00::1"]
    + ["fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0"],
)
def test_a_name_that_leads_into_the_shops_own_network_is_not_followed(monkeypatch, address):
    calls = []
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_: calls.append(a))
    with pytest.raises(GatewayUnreachable, match="no address"):
        http.exchange("https://bank.example/v1/x", b"{}")
    assert not calls


def test_localhost_that_leads_elsewhere_is_not_followed(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.7", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(GatewayUnreachable, match="no address"):
        http.exchange("http://localhost/v1/x", b"{}")


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_a_name_that_is_not_known_means_nothing_was_sent(monkeypatch, error):
    def look_up(*_, **__):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(GatewayUnreachable, match="not known"):
        http.exchange("https://bank.example/v1/x", b"{}")
