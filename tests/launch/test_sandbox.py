import os
import signal
import socket
import sys

import httpx
import psutil
import pytest

pytestmark = pytest.mark.alone("ends in five seconds and leaves nothing")


def test_the_bank_runs_alone_and_says_where(launch):
    start = launch("sandbox")
    text = start.wait_open()
    assert f"{start.bank}/phone" in text
    assert httpx.get(f"{start.bank}/phone").status_code == 200
    assert (start.instance / "sandbox.db").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_within_five_seconds_and_leaves_nothing(launch, number):
    start = launch("sandbox")
    start.wait_open()
    with httpx.Client() as browser:  # its connection stays open, as a screen's does
        browser.get(f"{start.bank}/sandbox/health")
        status, seconds, left = start.end(number)
    assert (status, left) == (0, [])
    assert seconds < 5
    assert start.errors.read_text() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a killed parent")
def test_a_launcher_that_is_killed_outright_leaves_nothing(launch):
    start = launch("sandbox")
    start.wait_open()
    assert start.end(signal.SIGKILL)[2] == []


def test_a_terminal_that_goes_away_ends_it(launch):
    keyboard, terminal = os.openpty()
    start = launch("sandbox", stdin=terminal)
    start.wait_open()
    parts = start.parts()
    os.close(terminal)
    os.close(keyboard)
    assert start.process.wait(5) == 0
    assert psutil.wait_procs(parts, timeout=5)[1] == []


def test_a_make_that_is_killed_outright_leaves_nothing(launch):
    make = ("sh", "-c", '"$@" & wait', "make")  # between us and it, as make is
    start = launch("sandbox", through=make, MAKELEVEL="1")
    start.wait_open()
    assert start.end(signal.SIGKILL)[2] == []


def test_a_bank_that_dies_is_one_line_with_its_log(launch):
    start = launch("sandbox")
    start.wait_open()
    psutil.Process(start.process.pid).children()[0].kill()
    assert start.process.wait(10) == 1
    lines = start.errors.read_text().splitlines()
    assert len(lines) == 1
    assert "practice bank ended by itself" in lines[0]
    assert str(start.instance / "logs" / "practice-bank.log") in lines[0]


def test_a_taken_port_is_one_line_before_anything_starts(launch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        start = launch("sandbox", SANDBOX_PORT=port)
        assert start.process.wait(20) == 1
    assert start.errors.read_text().count("\n") == 1
    assert f"Port {port} on 127.0.0.1 is taken" in start.errors.read_text()
    assert not start.instance.exists()


def test_an_unknown_word_gets_the_usage(launch):
    start = launch("sandpit")
    assert start.process.wait(20) == 2
    assert "usage" in start.errors.read_text()
