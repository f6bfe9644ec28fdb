import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from pos.errors import GatewaySilent, GatewayUnreachable
from pos.gateways import http
from tests.gateways import wire

pytestmark = pytest.mark.alone("holds each exchange to its deadline")

LIMIT = 0.5
ANSWER = wire.message(b'{"responseCode": 1, "errorCode": 1, "data": null}')
HEAD = ANSWER.index(b"\r\n\r\n") + 4


@contextmanager
def ends_at_the_limit():
    started = time.monotonic()
    yield
    assert LIMIT - 0.1 < time.monotonic() - started < LIMIT + 0.8


def ask(url):
    return http.exchange(f"{url}/v1/question", b"{}", seconds=LIMIT)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(wire.hang(3), id="silence"),
        pytest.param(wire.hang(3, ANSWER[:20]), id="silence in the headers"),
        pytest.param(wire.hang(3, ANSWER[: HEAD + 5]), id="silence in the body"),
        pytest.param(wire.trickle(ANSWER, 0.02), id="trickled headers"),
        pytest.param(wire.trickle(ANSWER, 0.04, at_once=HEAD), id="trickled body"),
        pytest.param(wire.trickle(b"HTTP/1.1 100 Go\r\n\r\n" * 9, 0.02), id="endless go-aheads"),
    ],
)
def test_the_whole_exchange_ends_by_the_wall(script):
    with wire.bank(script) as bank, ends_at_the_limit(), pytest.raises(GatewaySilent):
        ask(bank.url)


def test_an_answer_that_is_slow_but_in_time_is_taken():
    with wire.bank(wire.trickle(ANSWER, 0.002)) as bank:
        assert ask(bank.url).status == 200


def test_the_limit_of_one_exchange_is_not_that_of_the_next():
    with wire.bank(wire.hang(3)) as slow, pytest.raises(GatewaySilent):
        ask(slow.url)
    with wire.bank(wire.send(ANSWER)) as bank:
        assert ask(bank.url).status == 200


def test_a_tls_handshake_that_hangs_means_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as deaf, ends_at_the_limit():
        with pytest.raises(GatewayUnreachable):
            ask(f"https://127.0.0.1:{deaf.getsockname()[1]}")


def test_a_name_server_that_hangs_means_nothing_was_sent(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(3) and [])
    with ends_at_the_limit(), pytest.raises(GatewayUnreachable, match="name server"):
        ask("https://bank.example")
    over.set()


def test_a_dead_first_address_leaves_time_for_the_second(monkeypatch):
    with wire.bank(wire.send(ANSWER)) as bank, full_listener("127.0.0.2", bank.port):
        lines = [(socket.AF_INET, 1, 6, "", (one, bank.port)) for one in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: pick(lines, host))
        assert ask(f"http://localhost:{bank.port}").status == 200


@contextmanager
def full_listener(host, port):
    """A listener that takes no more callers: whoever connects hears nothing, not even a no."""
    with socket.create_server((host, port), backlog=0) as listener:
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield
        for caller in callers:
            caller.close()


def pick(lines, host):
    return [line for line in lines if host in ("localhost", line[4][0])]


def in_step(threads):
    """Run them all at once, to the end."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def lines_to(port):
    """The lines from here to the bank that are open, as the system itself counts them."""
    lines = psutil.Process().net_connections("tcp")
    open_ones = (psutil.CONN_ESTABLISHED, psutil.CONN_SYN_SENT)
    return sum(one.raddr[1:] == (port,) and one.status in open_ones for one in lines)


def test_more_callers_than_connections_still_end_by_the_wall():
    ends, most = [], [0]

    def call(url):
        with pytest.raises((GatewaySilent, GatewayUnreachable)):
            ask(url)
        ends.append(time.monotonic() - started)

    def count(port):
        while len(ends) < 10:
            most.append(lines_to(port))

    started = time.monotonic()
    with wire.bank(wire.hang(3)) as bank:
        callers = [threading.Thread(target=call, args=(bank.url,)) for _ in range(10)]
        in_step([*callers, threading.Thread(target=count, args=(urlsplit(bank.url).port,))])
    assert max(ends) < LIMIT + 0.8
    assert max(most) == http.MAX_CONNECTIONS
