import logging
import socket
from ipaddress import ip_address

import pytest

from pos.errors import BadInput
from pos.gateways.addresses import public_only, public_or_this_machine
from pos.gateways.http import Wire
from pos.gateways.sockets import DeadlineTransport
from pos.messengers import Trouble, webhook
from tests.gateways import certificates, wire

INSIDE = [
    *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/"),
    *("https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://10.0.0.5/hook"),
    *("https://172.16.9.1", "https://192.168.1.1", "https://100.64.0.1", "https://169.254.169.254"),
    *("https://224.0.0.1/", "https://239.1.2.3/", "https://255.255.255.255/", "https://240.0.0.1/"),
    *("https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fd00:ec2::254]/"),
    *("https://[fec0::1]/", "https://[ff0e::1]/", "https://[::ffff:127.0.0.1]/"),
    *("https://[::ffff:169.254.169.254]/", "https://[::10.0.0.1]/", "https://[64:ff9b::10.0.0.1]/"),
    *("https://[2002:7f00:1::]/", "https://[2001:0:1::]/", "https://localhost/"),
    *("https://LOCALHOST./", "https://a.localhost/", "https://printer/", "https://nas.local/"),
    "https://metadata.google.internal/computeMetadata/v1/",
]
UNREADABLE = [
    *("", "hook.example", "ftp://hook.example/", "file:///etc/passwd", "gopher://hook.example"),
    *("https://", "https:///hook", "https://user@hook.example/", "https://u:p@hook.example/"),
    *("https://hook.example#top", "https://hook.example/#top", "https://hook.example:99999/"),
    *("https://hook.example:0/", "https://hook.example\\@127.0.0.1/", "https://hook.example/a b"),
    *("https://hook\n.example/", "https://hook.example/\r\nHost: inside", "https://ho ok.example"),
    *(
        "https://hóok.example/",
        "https://127。0。0。1/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
    ),
    "https://hook.example/" + "a" * 500,
]
PORTS = ["https://hook.example:22/", "https://hook.example:80", "https://hook.example:6379/"]


@pytest.mark.parametrize("typed", [*INSIDE, *UNREADABLE, *PORTS, "http://hook.example/"])
def test_an_address_that_nothing_may_be_posted_to_is_refused(typed):
    with pytest.raises(BadInput):
        webhook.check_address(typed, may_stay_here=False)


@pytest.mark.parametrize(
    "typed",
    ["https://hook.example", "https://hook.example:8443/a/b?c=d&e=%20", "https://8.8.8.8/hook"]
    + ["https://[2606:4700::1111]/", "https://xn--hk-tia.example./"],
)
def test_an_address_of_the_internet_is_kept_as_it_was_typed(typed):
    assert webhook.check_address(f" {typed} ", may_stay_here=False) == typed


def test_this_machine_may_be_named_for_practice_and_nothing_else_of_the_network():
    for typed in ("http://127.0.0.1:5555/hook", "http://localhost:5555", "https://[::1]:9/"):
        assert webhook.check_address(typed, may_stay_here=True) == typed
    for typed in ("http://10.0.0.5/", "https://192.168.1.1/", "http://hook.example/"):
        with pytest.raises(BadInput):
            webhook.check_address(typed, may_stay_here=True)


def post(url, *, here=True):
    return webhook.post(url, b'{"a":1}', {"X-Pos-Event": "evt_1"}, may_stay_here=here)


def test_what_is_posted_arrives_byte_by_byte_with_its_headers():
    with wire.bank(wire.send(wire.message(b"ok", status=204))) as server:
        assert post(f"{server.url}/hook?key=1") == webhook.Posted(204)
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?key=1 HTTP/1.1\r\n") and body == b'{"a":1}'
    assert f"Host: 127.0.0.1:{server.port}".encode() in head and b"X-Pos-Event: evt_1" in head


def test_without_practice_this_machine_is_never_connected_to():
    with wire.bank(wire.send(wire.message())) as server:
        assert post(server.url, here=False).trouble is Trouble.REFUSED_ADDRESS
    assert server.heard == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0", "::1"]
    + ["fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "ff0e::1", "64:ff9b::a00:1", "2002:a00:1::"],
)
def test_a_name_that_leads_inside_at_the_moment_of_the_post_is_not_followed(monkeypatch, address):
    calls = []
    line = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: line)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_: calls.append(a))
    kept = webhook.check_address("https://hook.example/", may_stay_here=False)
    assert post(kept, here=False).trouble is Trouble.REFUSED_ADDRESS
    assert calls == []


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    looked, connected = [], []

    def look_up(host, *_, **__):
        looked.append(host)
        found = ["8.8.8.8", "127.0.0.1"][min(len(looked), 2) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 443))]

    def connect(address, *_, **__):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert post("https://hook.example/", here=False).trouble is Trouble.UNREACHABLE
    assert (looked, connected) == (["hook.example"], [("8.8.8.8", 443)])


def test_a_certificate_is_for_the_name_and_the_connection_to_the_address(monkeypatch, tmp_path):
    authority = certificates.signer("an authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority_file(authority, tmp_path)))
    tls = certificates.server(authority, tmp_path, ip="127.0.0.9", name="hook.example")
    client = Wire(DeadlineTransport(connections=1, may=public_or_this_machine))
    with wire.bank(wire.send(wire.message()), tls=tls) as server:
        line = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda h, *a, **k: line if h == "hook.example" else real(h, *a, **k),
        )
        assert client.exchange(f"https://hook.example:{server.port}/", b"{}").status == 200
    client.close()
    assert f"Host: hook.example:{server.port}".encode() in server.heard[0]


def test_a_redirect_is_not_followed():
    with wire.bank(wire.send(wire.message())) as canary:
        away = wire.message(status=302, Location=f"{canary.url}/inside")
        with wire.bank(wire.send(away)) as server:
            assert post(server.url) == webhook.Posted(302, Trouble.REFUSED)
    assert canary.heard == []


def test_an_endless_answer_is_cut_and_its_status_counts():
    sent = []

    def flood(talk):
        talk.sendall(wire.message(b"", length=1 << 40))
        for _ in range(10_000):
            talk.sendall(b"x" * 65536)
            sent.append(1)

    with wire.bank(flood) as server:
        assert post(server.url) == webhook.Posted(200)
    assert len(sent) < 200


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(400, "refused"), (404, "refused"), (410, "refused"), (429, "busy"), (500, "busy")],
)
def test_what_is_no_2xx_did_not_arrive(status, trouble):
    with wire.bank(wire.send(wire.message(status=status, Retry_After="99999"))) as server:
        done = post(server.url)
    assert done == webhook.Posted(status, Trouble(trouble), webhook.LONGEST_WAIT)
    assert done.is_final is (status == 410)


def test_nobody_there_or_no_answer_is_told_apart():
    with wire.bank(wire.reset()) as server:
        assert post(server.url).trouble is Trouble.SILENT
    assert post(server.url).trouble is Trouble.UNREACHABLE


def test_a_key_in_the_path_is_in_no_log(caplog):
    with wire.bank(wire.send(wire.message())) as server, caplog.at_level(logging.INFO):
        post(f"{server.url}/T0PSECRETKEY?also=T0PSECRETKEY")
    assert "127.0.0.1 /..." in caplog.text and "T0PSECRETKEY" not in caplog.text


def test_the_guard_of_the_internet_lets_the_internet_through():
    assert public_only("", ip_address("8.8.8.8")) and public_only("", ip_address("2606:4700::1"))
    assert public_only("", ip_address("64:ff9b::808:808"))
