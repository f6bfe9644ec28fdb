"""python -m tests.soak [seconds] [seed] [sales a second] [sqlite or postgresql] [PayWay's percent]

Soaks the real shop and ends with 1 if it leaks.
"""

import sys
import warnings

from pos.launch.children import Stop, Stopped
from tests.soak.soak import DATABASES, Plan, scratch, soak
from tests.soak.witness import Witness


def main(
    seconds: str = "600",
    seed: str = "1",
    rate: str = "2",
    database: str = "sqlite",
    percent: str = "25",
) -> int:
    """Run one soak and print its verdict."""
    warnings.simplefilter("ignore")
    stop = Stop()
    stop.listen()
    if database not in DATABASES:
        sys.stderr.write(f"The books are kept in {' or '.join(DATABASES)}.\n")
        return 2
    plan = Plan(float(seconds), int(seed), float(rate), False, database, int(percent))
    told = f"{rate} sales a second, {database}, {percent} % of the tills by PayWay"
    sys.stdout.write(f"{seconds} s of sales, seed {seed}, {told}.\n")
    sys.stdout.flush()
    try:
        with scratch() as folder:
            verdict = soak(plan, folder, stop, Witness())
    except Stopped:
        return 130
    sys.stdout.write(f"{verdict}\n")
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
