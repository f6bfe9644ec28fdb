import os
import sys
import time

import psutil
import pytest

from pos.launch.children import ChildFailed, Children, Stop, Stopped

PYTHON = sys.executable
FOREVER = [PYTHON, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    *(PYTHON, "-c"),
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
    "time.sleep(60)",
]
PARENT = [PYTHON, "-c", f"import subprocess; print(subprocess.Popen({FOREVER!r}).pid, flush=True)"]


@pytest.fixture
def children(tmp_path):
    with Children(tmp_path, Stop()) as started:
        yield started


def start(children, command, name="part"):
    return children.start(name, command, os.environ)


def wait_for_log(child):
    end = time.monotonic() + 10
    while not child.log.read_text() and time.monotonic() < end:
        time.sleep(0.02)
    return child.log.read_text()


def is_alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_leaving_ends_them_all(tmp_path):
    with Children(tmp_path, Stop()) as children:
        pids = [start(children, FOREVER, name).process.pid for name in ("one", "two")]
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))


@pytest.mark.alone("five seconds are promised")
def test_one_that_will_not_end_is_made_to_within_five_seconds(children):
    child = start(children, STUBBORN)
    wait_for_log(child)
    begin = time.monotonic()
    children.end()
    assert time.monotonic() - begin < 5
    assert not is_alive(child.process.pid)


def test_what_a_child_started_and_left_is_ended_too(children):
    grandchild = int(wait_for_log(start(children, PARENT)))
    assert is_alive(grandchild)
    children.end()
    psutil.wait_procs([psutil.Process(grandchild)] if is_alive(grandchild) else [], timeout=2)
    assert not is_alive(grandchild)


@pytest.mark.parametrize("status", [0, 3])
def test_one_that_ends_by_itself_is_named_with_its_last_error(children, status):
    command = [PYTHON, "-c", f"import sys; print('BrokenError: no disk'); sys.exit({status})"]
    start(children, FOREVER, "worker")
    log = start(children, command, "web app").log
    with pytest.raises(ChildFailed) as problem:
        children.watch()
    what = f"The web app ended by itself (status {status}): BrokenError: no disk"
    assert str(problem.value) == f"{what} (its log: {log})."


def test_an_error_of_an_earlier_start_is_not_blamed(children, tmp_path):
    (tmp_path / "part.log").write_text("OldError: long ago\n")
    start(children, [PYTHON, "-c", "raise SystemExit(1)"])
    with pytest.raises(ChildFailed) as problem:
        children.watch()
    assert "OldError" not in str(problem.value)


def test_one_that_never_answers_is_given_up(children):
    child = start(children, FOREVER)
    with pytest.raises(ChildFailed, match=r"not ready within 0\.2 s"):
        children.wait_ready(child, lambda: False, 0.2)


def test_waiting_ends_when_another_one_dies(children):
    child = start(children, FOREVER)
    start(children, [PYTHON, "-c", ""], "worker")
    with pytest.raises(ChildFailed, match="The worker ended"):
        children.wait_ready(child, lambda: False, 20)


def test_one_that_is_to_end_may_end_well(children):
    children.wait_done(start(children, [PYTHON, "-c", ""]))
    with pytest.raises(ChildFailed, match="could not do its work"):
        children.wait_done(start(children, [PYTHON, "-c", "raise SystemExit(2)"]))


def test_an_end_that_was_asked_for_is_no_failure(children):
    start(children, FOREVER)
    children.stop.asked = True
    with pytest.raises(Stopped):
        children.watch()
