import os
from pathlib import Path

import pytest

from tests.sim import runs, story, telling
from tests.sim.bugs import BUGS

SEEDS = int(os.environ.get("SIM_SEEDS", "400"))
ALONE = pytest.mark.alone("lives its days in two processes")

KEPT = Path(__file__).with_name("seeds.txt")


def kept_seeds():
    lines = KEPT.read_text().splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def told(failed):
    return "\n\n".join(str(one) for one in failed)


def test_seeds_that_once_failed_are_right_now():
    assert told(runs.run(kept_seeds(), steps=story.LONGEST).failed) == ""


@pytest.fixture(scope="module")
def days():
    """Many days, lived once for all tests that look at them."""
    return runs.run_wide(range(SEEDS))


@ALONE
def test_no_money_is_lost_or_invented_in_any_simulated_day(days):
    assert told(days.failed) == ""
    assert days.count == SEEDS


@ALONE
def test_the_days_try_what_they_should(days):
    by_qr = ("cancel_requested>paid", "expiring>paid", "expired>expired", "transfers")
    in_cash = ("cash", "counts", "split", "moved paid_in", "moved paid_out", "moved refund")
    for wanted in (*by_qr, *in_cash):
        assert days.seen[wanted], wanted


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_turns_it_red(bug):
    done = runs.run(telling.seeds_for(bug), bug=bug, most_failures=1)
    assert done.failed, f"{bug} was not seen in {telling.ENOUGH} days"


def test_a_seed_tells_the_same_story_each_time():
    with runs.open_world() as world:
        first, second = story.run(world, 7), story.run(world, 7)
    assert first.history == second.history
    assert len(first.history) > story.length_of(7)
