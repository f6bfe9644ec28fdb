"""Splits the suite: what may run side by side, and what must have the machine to itself.

A test that is marked `alone`, with the reason, is of the second half; every other is of the
first. The mark stands in the test's own file, so that the second half reads those files alone.
Only `python -m tests` loads this; plain pytest runs all tests, one after the other.
"""

from functools import cache
from pathlib import Path

import pytest

TOGETHER, ALONE = "together", "alone"

MARK = "mark.alone("
"""What a file with tests of the second half has in it."""

LONGEST = (
    "tests/test_packaging.py",
    "tests/crash/",
    "tests/browser/",
    "tests/launch/",
    "tests/sim/",
)
"""What begins first: a long test that begins last keeps one process waiting for the other."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--half`."""
    parser.addoption("--half", choices=(TOGETHER, ALONE), help="run this half of the tests only")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the files unread that have no test of the second half, when that is to run."""
    is_asked = config.getoption("--half") == ALONE and collection_path.name.startswith("test_")
    return True if is_asked and not has_mark(collection_path) else None


@cache
def has_mark(path: Path) -> bool:
    """Return whether a file marks tests as `alone`."""
    return not path.is_file() or MARK in path.read_text()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other half; each test is of exactly one."""
    half = config.getoption("--half")
    others = [item for item in items if half_of(item) != half]
    items[:] = [item for item in items if half_of(item) == half]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    config.hook.pytest_deselected(items=others)


def half_of(item: pytest.Item) -> str:
    """Return the half that a test is of; a mark without its reason is a UsageError."""
    mark = item.get_closest_marker("alone")
    if mark is None:
        return TOGETHER
    if not (len(mark.args) == 1 and isinstance(mark.args[0], str) and mark.args[0]):
        raise pytest.UsageError(f'{item.nodeid}: say why, as in mark.alone("watches the clock")')
    if not has_mark(item.path):
        raise pytest.UsageError(f"{item.nodeid}: mark it in its own file, else it is never run")
    return ALONE
