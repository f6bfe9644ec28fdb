import json
import re
import signal
import socket
import sqlite3
import time

import httpx
import psutil
import pytest

PASSWORD = re.compile(r"(Cashier|Manager)\s+(\w+)\s+password (\S+)")

pytestmark = pytest.mark.alone("ends in five seconds and leaves nothing")


@pytest.fixture(scope="module")
def opened(launch):
    """A practice shop after its first start."""
    start = launch()
    start.wait_open()
    return start


@pytest.fixture(scope="module")
def ended(launch):
    """A practice shop that was opened, looked at by a screen, and ended with Ctrl-C."""
    start = launch()
    start.wait_open()
    assert len(start.parts()) >= 6
    with httpx.Client() as screen:  # its connection stays open, as a screen's does
        screen.get(f"{start.shop}/login")
        start.how = start.end(signal.SIGINT)
    return start


def log_in(shop, username, password):
    with httpx.Client(base_url=shop) as browser:
        page = browser.get("/login")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
        form = {"csrf_token": token, "username": username, "password": password}
        answer = browser.post("/login", data=form)
        assert answer.status_code == 303, answer.text
        return browser.get("/till", follow_redirects=True)


def read(start, query):
    with sqlite3.connect(f"file:{start.instance}/pos.db?mode=ro", uri=True) as books:
        rows = books.execute(query).fetchall()
    books.close()
    return rows


def test_it_says_where_to_go_and_all_of_it_answers(opened):
    text = opened.output.read_text()
    for address in (f"{opened.shop}/till", f"{opened.shop}/display", f"{opened.bank}/phone"):
        assert address in text
        assert httpx.get(address, follow_redirects=True).status_code == 200


def test_the_logins_it_shows_open_the_till(opened):
    logins = PASSWORD.findall(opened.output.read_text())
    assert [role for role, _, _ in logins] == ["Cashier", "Manager"]
    for _, username, password in logins:
        page = log_in(opened.shop, username, password)
        assert (page.status_code, page.url.path == "/login") == (200, False)


def test_the_worker_ticks(opened):
    end = time.monotonic() + 15
    while httpx.get(f"{opened.shop}/readyz").status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.2)


def test_no_secret_is_printed_or_logged(opened):
    secrets = [(opened.instance / name).read_text() for name in ("secret_key", "vault_key")]
    passwords = [login["password"] for login in json.loads(read_logins(opened))]
    logs = "".join(log.read_text() for log in (opened.instance / "logs").iterdir())
    shown = opened.output.read_text() + opened.errors.read_text()
    assert not [secret for secret in secrets if secret in shown + logs]
    assert not [password for password in passwords if password in logs]


def test_its_second_till_is_paid_by_payway_which_posts_to_the_shop(opened):
    [(account_id,)] = read(opened, "SELECT account_id FROM gateway_account WHERE id = 2")
    tills = read(opened, "SELECT name, own_account_id FROM till ORDER BY id")
    assert tills == [("Till 1", None), ("Till 2 (PayWay)", 2)]
    told = {"merchant_id": account_id, "tran_id": "261122-NOBODYS"}
    with httpx.Client(base_url=opened.bank) as bank:
        assert bank.post("/sandbox/payway/callbacks", json=told).status_code == 202
        end = time.monotonic() + 10
        while not (sent := bank.get("/sandbox/payway/callbacks").json()):
            assert time.monotonic() < end
            time.sleep(0.05)
    assert [(one["status"], one["url"]) for one in sent] == [
        (200, f"{opened.shop}/api/payway/v2/webhook")
    ]


def read_logins(start):
    return (start.instance / "demo-logins.json").read_text()


def test_a_second_start_keeps_the_shop_and_finds_its_bank_on_another_port(launch, ended):
    shown = ended.output.read_text()
    tokens = read(ended, "SELECT token_sealed FROM gateway_account")
    second = launch(instance=ended.instance)
    assert PASSWORD.findall(second.wait_open()) == PASSWORD.findall(shown) != []
    assert read(second, "SELECT count(*) FROM merchant") == [(1,)]
    assert read(second, "SELECT base_url FROM gateway_account") == [(second.bank,)] * 2
    assert not {*tokens} & {*read(second, "SELECT token_sealed FROM gateway_account")}


def test_two_starts_do_not_share_their_data(launch, opened):
    start = launch(instance=opened.instance)
    assert start.process.wait(30) == 1
    assert "already runs" in start.errors.read_text()
    assert httpx.get(f"{opened.shop}/healthz").status_code == 200


@pytest.mark.parametrize("variable", ["POS_PORT", "SANDBOX_PORT"])
def test_a_taken_port_is_one_line_before_anything_starts(launch, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        start = launch(**{variable: port})
        assert start.process.wait(30) == 1
    assert start.errors.read_text().splitlines() == [
        f"Port {port} on 127.0.0.1 is taken: end what listens there, "
        f"or set {variable} to another port."
    ]
    assert start.output.read_text() == ""
    assert not start.instance.exists()


def test_an_address_open_to_the_network_is_warned_about(launch):
    start = launch("sandbox", POS_HOST="0.0.0.0")
    text = start.wait_open()
    assert start.errors.read_text().count("\n") == 1
    assert "plain HTTP" in start.errors.read_text()
    assert f"{start.bank}/phone" in text


def test_a_setting_the_app_refuses_is_one_line(launch):
    start = launch(POS_QR_SECONDS="soon")
    assert start.process.wait(30) == 1
    assert start.errors.read_text().count("\n") == 1
    assert "POS_QR_SECONDS" in start.errors.read_text()


def test_ctrl_c_ends_everything_within_five_seconds(ended):
    status, seconds, left = ended.how
    assert (status, left) == (0, [])
    assert seconds < 5
    assert ended.errors.read_text() == ""


def test_a_part_that_dies_ends_all_with_one_line(launch):
    start = launch()
    start.wait_open()
    parts = start.parts()
    next(part for part in parts if "worker" in part.cmdline()).kill()
    assert start.process.wait(15) == 1
    assert psutil.wait_procs(parts, timeout=5)[1] == []
    [line] = start.errors.read_text().splitlines()
    assert line.startswith("The worker ended by itself")
    assert str(start.instance / "logs" / "worker.log") in line
