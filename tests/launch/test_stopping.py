import os
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from tests.launch.conftest import ROOT, free_ports

SLOW = """
import pathlib
import time

def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        pathlib.Path("begun").touch()
        time.sleep(1.5)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def server(tmp_path):
    """A slow app, served as the shop is; it is told to end by the test."""
    (tmp_path / "slow.py").write_text(SLOW)
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "slow:app"]
    command += ["--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--chdir", str(tmp_path)]
    environ = {**os.environ, "POS_PORT": port, "POS_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    yield process, int(port)
    process.kill()
    process.wait(10)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return False
    return True


def wait(holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_server_that_ends_answers_what_it_has_and_is_refused_for_the_rest(server, tmp_path):
    process, port = server
    wait(lambda: listens(port))
    heard = []
    url = f"http://127.0.0.1:{port}/slow"
    asking = threading.Thread(target=lambda: heard.append(httpx.get(url, timeout=20).status_code))
    asking.start()
    wait((tmp_path / "begun").exists)
    process.send_signal(signal.SIGTERM)
    wait(lambda: not listens(port))
    assert heard == []
    asking.join(20)
    assert heard == [200] and process.wait(15) == 0
