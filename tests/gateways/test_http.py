import logging
import socket
import time
import tracemalloc

import pytest

from pos.errors import GatewayGarbled, GatewaySilent, GatewayUnreachable
from pos.gateways import http
from tests.gateways import wire

KEY = "canary-key-7f3a"


def ask(bank, **more):
    return http.exchange(f"{bank.url}/v1/question", b'{"a": 1}', token=KEY, seconds=2, **more)


def test_the_request_says_what_an_ordinary_client_says():
    with wire.bank(wire.send(wire.message())) as bank:
        ask(bank)
    head, _, body = bank.heard[0].decode().partition("\r\n\r\n")
    assert head.startswith("POST /v1/question HTTP/1.1\r\n") and body == '{"a": 1}'
    for line in [
        f"Authorization: Bearer {KEY}",
        "Content-Type: application/json",
        "Accept-Encoding: identity",
        "User-Agent: KHQR-POS/",
    ]:
        assert f"\r\n{line}" in head


def test_without_a_key_no_authorization_is_sent():
    with wire.bank(wire.send(wire.message())) as bank:
        http.exchange(f"{bank.url}/", b"{}", seconds=2)
    assert b"authorization" not in bank.heard[0].lower()


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 429, 500, 503])
def test_every_status_is_a_reply(status):
    with wire.bank(wire.send(wire.message(b"", status=status))) as bank:
        assert ask(bank).status == status


def test_the_body_is_read_as_strict_json():
    with wire.bank(wire.send(wire.message(b'{"a": [1, null]}'))) as bank:
        assert ask(bank).document() == {"a": [1, None]}


def test_a_redirect_is_not_followed():
    with wire.bank(wire.send(wire.message())) as elsewhere:
        answer = wire.message(b"", status=302, Location=f"{elsewhere.url}/canary")
        with wire.bank(wire.send(answer)) as bank:
            assert ask(bank).status == 302
    assert elsewhere.heard == []


def test_cookies_are_not_kept():
    answer = wire.message(Set_Cookie="who=shop-a; Path=/")
    with wire.bank(wire.send(answer)) as bank:
        ask(bank)
        ask(bank)
    assert b"cookie" not in bank.heard[1].lower()


def test_fifty_megabytes_cost_no_memory():
    def play(talk):
        talk.sendall(wire.message(b"", length=50_000_000))
        for _ in range(50):
            talk.sendall(b" " * 1_000_000)

    with wire.bank(play) as bank:
        tracemalloc.start()
        reply = ask(bank)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    with pytest.raises(GatewayGarbled, match="64 KiB"):
        reply.document()
    assert peak < 5_000_000


def test_a_reset_before_the_answer_is_silence():
    with wire.bank(wire.reset()) as bank, pytest.raises(GatewaySilent):
        ask(bank)


def test_a_reset_within_the_body_is_silence():
    cut = wire.message(b'{"responseCode": 0', length=400)
    with wire.bank(wire.reset(cut)) as bank, pytest.raises(GatewaySilent):
        ask(bank)


def test_a_body_shorter_than_it_promised_is_silence():
    cut = wire.message(b'{"responseCode": 0', length=400)
    with wire.bank(wire.send(cut)) as bank, pytest.raises(GatewaySilent):
        ask(bank)


def test_half_a_body_that_ends_with_the_connection_is_garbled():
    with wire.bank(wire.send(b'HTTP/1.1 200 OK\r\n\r\n{"responseCode": 0')) as bank:
        reply = ask(bank)
    with pytest.raises(GatewayGarbled):
        reply.document()


@pytest.mark.parametrize(
    "sent",
    [b"", b"SSH-2.0-OpenSSH\r\n", b"\x15\x03\x01", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000],
)
def test_what_is_no_http_is_silence(sent):
    with wire.bank(wire.send(sent)) as bank, pytest.raises(GatewaySilent):
        ask(bank)


def test_a_closed_port_means_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(GatewayUnreachable):
        http.exchange(f"http://127.0.0.1:{port}/", b"{}", seconds=2)


def test_the_log_names_the_call_and_never_the_key_or_a_body(caplog):
    caplog.set_level(logging.DEBUG)
    with wire.bank(wire.send(wire.message(b'{"token": "canary-body-1"}'))) as bank:
        ask(bank)
    assert "POST 127.0.0.1 /v1/question -> 200 in" in caplog.text
    assert KEY not in caplog.text and "canary-body-1" not in caplog.text


def test_a_failed_call_is_a_warning_in_the_log(caplog):
    with wire.bank(wire.reset()) as bank, pytest.raises(GatewaySilent):
        ask(bank)
    assert [record.levelname for record in caplog.records if "question" in record.message] == [
        "WARNING"
    ]


def test_a_proxy_in_the_environment_is_not_used(monkeypatch):
    with wire.bank(wire.send(wire.message())) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        http.use(http.Wire())
        with wire.bank(wire.send(wire.message())) as bank:
            ask(bank)
    assert proxy.heard == [] and len(bank.heard) == 1


def test_two_questions_in_a_row_share_a_connection():
    callers = []

    def play(talk):
        callers.append(talk)
        talk.sendall(wire.message(connection="keep-alive"))
        wire.request(talk)
        talk.sendall(wire.message(b'{"second": 1}'))

    with wire.bank(play) as bank:
        ask(bank)
        assert ask(bank).document() == {"second": 1}
    assert len(callers) == 1


def test_a_connection_that_the_bank_left_is_not_used_again():
    with wire.bank(wire.send(wire.message(connection="keep-alive"))) as bank:
        ask(bank)
        time.sleep(0.05)
        assert ask(bank).status == 200
    assert len(bank.heard) == 2
