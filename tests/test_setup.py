import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose locks ask for nothing, so that no network is needed."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "venv", tmp_path / ".ci" / "venv")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("# nothing\n")
    return tmp_path


def set_up(checkout, lock="requirements.lock", python=sys.executable):
    command = ["sh", str(checkout / ".ci" / "venv"), lock]
    environ = {**os.environ, "PYTHON": str(python)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)


def fake_python(checkout, text):
    python = checkout / "python"
    python.write_text(f"#!/bin/sh\n{text}\n")
    python.chmod(0o755)
    return python


def test_an_old_python_is_refused_in_one_line(checkout):
    done = set_up(checkout, python=fake_python(checkout, "exit 1"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Python 3.11 or newer is needed" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_is_refused_in_one_line(checkout):
    python = fake_python(checkout, 'case "$2" in *ensurepip*) exit 1;; esac')
    done = set_up(checkout, python=python)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "python3-venv" in done.stderr


def test_it_installs_a_lock_once_and_again_when_the_lock_changed(checkout):
    first, second = set_up(checkout), set_up(checkout)
    assert first.stdout.count("\n") == 1, first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    (checkout / "requirements.lock").write_text("# nothing, but other words\n")
    assert set_up(checkout).stdout == first.stdout


def test_the_development_lock_counts_for_the_other_one_but_not_the_reverse(checkout):
    assert set_up(checkout, "requirements-dev.lock").returncode == 0
    assert set_up(checkout).stdout == ""
    (checkout / "requirements.lock").write_text("# an older commit\n")
    set_up(checkout)
    assert "requirements-dev.lock" in set_up(checkout, "requirements-dev.lock").stdout


def test_a_lock_that_cannot_be_installed_is_tried_again_the_next_time(checkout):
    (checkout / "requirements.lock").write_text("no-hash-here==1.0\n")
    for _ in range(2):
        done = set_up(checkout)
        assert done.returncode == 1
        assert "could not be installed" in done.stderr


def test_a_broken_environment_is_made_anew(checkout):
    set_up(checkout)
    shutil.rmtree(next((checkout / ".venv" / "lib").glob("python*")))
    assert set_up(checkout).stdout != ""
    assert set_up(checkout).stdout == ""
