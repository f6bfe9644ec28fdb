"""What the API promises a program holds whichever process of the shop it meets."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import httpx
import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.launch import commands
from pos.launch.children import Children, Stop
from pos.launch.place import Address
from pos.models import OutsideSale
from tests.crash.conftest import shop
from tests.crash.servers import READY_SECONDS, environ_of
from tests.launch.conftest import free_ports
from tests.web.api import programs
from tests.web.api.test_sales import SALES, new

__all__ = ["shop"]

KHQR = "/api/order/v1/customer/orders/B-1/payment/khqr"


@pytest.fixture
def servers(settings, tmp_path, shop):
    """The addresses of two web apps on one database, each a process of its own."""
    children = Children(tmp_path, Stop())
    places = [Address("127.0.0.1", int(port), "POS_PORT") for port in free_ports(2)]
    try:
        for place in places:
            command = commands.web_server(place)
            command.insert(-1, "--workers=1")
            child = children.start(f"web {place.port}", command, environ_of(settings))
        children.wait_ready(child, lambda: all(serves(it.url) for it in places), READY_SECONDS)
        yield [place.url for place in places]
    finally:
        for child in children.running:
            child.process.terminate()
        for child in children.running:
            child.process.wait(10)


def serves(url):
    try:
        return httpx.get(f"{url}/api/v1/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def at_once(app, servers, shop):
    """Send the same request many times at once, to the one server and the other in turn."""
    access = programs.start(app, shop.manager).access

    def send(count, path, body, **headers):
        sent = {"Authorization": f"Bearer {access}"} | headers
        ask = lambda url: httpx.post(url + path, json=body, headers=sent, timeout=30)  # noqa: E731
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(ask, islice(cycle(servers), count)))

    return send


def test_a_key_and_a_limit_hold_for_all_processes_together(app, at_once):
    keyed = {"Idempotency-Key": "k-1"}
    first = at_once(8, SALES, new(), **keyed)
    again = at_once(2, SALES, new(), **keyed)
    done = [one for one in first if "Idempotent-Replayed" not in one.headers]
    assert sorted({one.status_code for one in first + again} - {409}) == [201]
    assert [one.status_code for one in done if one.status_code != 409] == [201]
    assert all("Idempotent-Replayed" in one.headers for one in again)
    assert len({one.text for one in first + again if one.status_code == 201}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(OutsideSale.id))) == 1

    told = at_once(12, KHQR, {})
    counted = Counter("too often" if one.status_code == 429 else "let in" for one in told)
    assert counted == {"let in": 5, "too often": 7}
    assert [one.status_code for one in told].count(200) == 1
    assert all(int(one.headers["Retry-After"]) <= 60 for one in told if one.status_code == 429)
