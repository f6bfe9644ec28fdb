"""A day that shows each planted bug, tried before all others: `python -m tests.sim.telling`.

That command looks for them anew, and writes them down. A bug whose day no longer shows it is
looked for in all days, which only takes longer.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.sim import runs
from tests.sim.bugs import BUGS

ENOUGH = 200
"""Seeds within which a planted bug must be seen; one took 155, one 51, all others fewer than 45."""

_KEPT = Path(__file__).with_name("telling.txt")
_HEAD = "# The seed of a day that shows each bug; see telling.py.\n"


def seeds_for(bug: str) -> Iterator[int]:
    """Return the days in which a bug is looked for, the one that once showed it first."""
    lines = [line.split() for line in _KEPT.read_text().splitlines() if line[0] != "#"]
    yield from (int(seed) for name, seed in lines if name == bug)
    yield from range(ENOUGH)


def find(bug: str) -> int:
    """Return the first day that shows a bug; IndexError if none of the first `ENOUGH` does."""
    return runs.run(range(ENOUGH), bug=bug, most_failures=1).failed[0].seed


if __name__ == "__main__":
    _KEPT.write_text(_HEAD + "".join(f"{bug} {find(bug)}\n" for bug in BUGS))
