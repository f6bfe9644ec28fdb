"""python -m tests.soak [seconds] [seed] [sales a second]: soak the real shop; 1 if it leaks."""

import sys
import warnings

from pos.launch.children import Stop, Stopped
from tests.soak.soak import Plan, scratch, soak
from tests.soak.witness import Witness


def main(seconds: float = 600, seed: float = 1, rate: float = 2) -> int:
    """Run one soak and print its verdict."""
    warnings.simplefilter("ignore")
    stop = Stop()
    stop.listen()
    sys.stdout.write(f"{seconds:g} s of sales, seed {seed:g}, {rate:g} sales a second.\n")
    sys.stdout.flush()
    try:
        with scratch() as folder:
            verdict = soak(Plan(seconds, int(seed), rate), folder, stop, Witness())
    except Stopped:
        return 130
    sys.stdout.write(f"{verdict}\n")
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
