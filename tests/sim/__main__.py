"""python -m tests.sim [count] [first]: run many seeds; exit 1 and tell the story if one fails."""

import os
import sys

from tests.sim.runs import run_wide


def main(count: int = 2_000, first: int = 0) -> int:
    """Run the seeds and say what came of them."""
    done = run_wide(range(first, first + count), os.cpu_count() or 2)
    for outcome in done.failed:
        sys.stdout.write(f"{outcome}\n\n")
    for name, times in sorted(done.seen.items()):
        sys.stdout.write(f"{times:7} {name}\n")
    sys.stdout.write(f"{done.count} seeds in {done.seconds:.1f} s, {len(done.failed)} failed\n")
    return 1 if done.failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
