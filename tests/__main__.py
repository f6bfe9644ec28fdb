"""Runs the tests in two halves, one after the other: `python -m tests`, with pytest's arguments.

Most run side by side. Those that watch the clock, or fill the machine by themselves, then run
one at a time. Both halves run even if the first has failures, and it ends as pytest would have
ended with the whole: 0 all well, 1 a test failed, 5 no test was picked.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.halves import ALONE, TOGETHER

OK, FAILED, NONE_PICKED = 0, 1, 5

SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
"""Two processes, for the two cores that the gate may have; a later `-n` of one's own wins."""

ONE_BY_ONE = ("-n", "0")

NOTHING_KEPT = "PYTHONDONTWRITEBYTECODE"


def run(arguments: Sequence[str]) -> int:
    """Run both halves with these arguments for pytest; return how the whole ended."""
    first = run_half(TOGETHER, *SIDE_BY_SIDE, *arguments)
    if first not in (OK, FAILED, NONE_PICKED):
        return first  # Interrupted, or wrongly called: so would be the other half.
    return whole(first, run_half(ALONE, *arguments, *ONE_BY_ONE))


def run_half(half: str, *arguments: str) -> int:
    """Run one half; return pytest's status."""
    print(f"== tests, {half}", flush=True)  # noqa: T201
    command = (sys.executable, "-m", "pytest", "-p", "tests.halves", *arguments, f"--half={half}")
    # What was compiled is kept, whatever is usual here: the shop is started a hundred times.
    environ = {name: text for name, text in os.environ.items() if name != NOTHING_KEPT}
    with subprocess.Popen(command, env=environ) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # It was heard in there too, where servers are being stopped now.


def whole(*statuses: int) -> int:
    """Return the status of all halves together: one in which no test was picked says nothing."""
    bad = [status for status in statuses if status not in (OK, NONE_PICKED)]
    if bad:
        return bad[0]
    return OK if OK in statuses else NONE_PICKED


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
