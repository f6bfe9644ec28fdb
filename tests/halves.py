"""Splits the suite: what may run side by side, and what must have the machine to itself.

A test that is marked `alone`, with the reason, is of the second half; every other is of the
first. Only `python -m tests` loads this; plain pytest runs all tests, one after the other.
"""

import pytest

TOGETHER, ALONE = "together", "alone"

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
    return ALONE
