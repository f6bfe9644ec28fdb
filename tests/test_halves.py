import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.__main__ import whole

ROOT = Path(__file__).parents[1]

SUITE = """
import os
import pytest

ALONE = pytest.mark.alone("watches the clock")

def done(name):
    with open("done", "a") as file:
        is_beside = "PYTEST_XDIST_WORKER" in os.environ
        file.write(f"{name} {'beside' if is_beside else 'alone'}\\n")

def test_a_sale(): done("sale")
def test_a_refund(): done("refund")
@ALONE
def test_a_deadline(): done("deadline")
@ALONE
def test_a_broken_clock(): assert False
def test_a_broken_drawer(): assert False
"""
"""A suite in which each half has a failure, and which tells what ran where."""

OWN = "[pytest]\nmarkers = alone(why)\naddopts = --strict-markers --import-mode=importlib\n"

NO_REASON = "import pytest\n@pytest.mark.alone\ndef test_it(): pass"


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text(OWN)
    return Suite(tmp_path)


class Suite:
    def __init__(self, folder):
        self.folder = folder

    def run(self, *arguments):
        """Run it in halves, with no plugin but the one it needs; return the status and what ran."""
        outer = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
        environ = {**outer, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "tests", "-p", "xdist", "-n", "1", *arguments]
        run = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True)
        done = self.folder / "done"
        return run.returncode, sorted(done.read_text().splitlines()) if done.exists() else []


def test_each_test_runs_in_exactly_one_half(suite):
    ended = suite.run("-k", "not broken", "-n", "2")
    assert ended == (0, ["deadline alone", "refund beside", "sale beside"])


@pytest.mark.parametrize(
    ("picked", "end"),
    [
        ("sale", (0, ["sale beside"])),
        ("deadline", (0, ["deadline alone"])),
        ("drawer or deadline", (1, ["deadline alone"])),
        ("sale or clock", (1, ["sale beside"])),
        ("nobody", (5, [])),
    ],
)
def test_a_pick_ends_as_one_run_of_pytest_would(suite, picked, end):
    assert suite.run("-k", picked) == end


def test_a_mark_from_another_file_is_refused_for_nobody_would_run_the_test(suite):
    (suite.folder / "marks.py").write_text('import pytest\nSLOW = pytest.mark.alone("x")')
    named = "import marks\n@marks.SLOW\ndef test_it(): pass"
    (suite.folder / "test_suite.py").write_text(f"import sys\nsys.path.insert(0, '.')\n{named}")
    assert suite.run()[0] not in (0, 5)


def test_a_mark_without_its_reason_is_refused(suite):
    (suite.folder / "test_suite.py").write_text(NO_REASON)
    assert suite.run()[0] not in (0, 5)


@pytest.mark.parametrize(
    ("statuses", "end"),
    [((0, 0), 0), ((0, 5), 0), ((5, 0), 0), ((5, 5), 5), ((1, 5), 1), ((0, 1), 1), ((0, -9), -9)],
)
def test_how_two_halves_end(statuses, end):
    assert whole(*statuses) == end
