"""One simulated day of a shop: deeds and trouble drawn from a seed, then peace, then the proof."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from pos.services.selling import issuing
from tests import verified
from tests.sim import checker
from tests.sim.books import Books
from tests.sim.counter import Counter
from tests.sim.deeds import People
from tests.sim.managers import Managers
from tests.sim.nemesis import Nemesis
from tests.sim.watch import Watch
from tests.sim.world import World

LENGTHS = (36, 16, 20, 24, 28)
"""Deeds of a day, by its seed: four days in five are shorter, so that there are more of them."""

LONGEST = max(LENGTHS)

DAILY = 100
"""Questions a day that a Bakong key is reported to be allowed."""

PATIENCE = 24
"""Times that the bank is asked about a QR until, all being well again, it must be decided."""

Deed = Callable[[], str]
Chances = dict[Deed, float]


@dataclass
class Outcome:
    """What one seed came to: what was wrong, if anything, and what had happened."""

    seed: int
    steps: int
    wrong: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        wrong = "\n".join(f"  {one}" for one in self.wrong)
        history = "\n".join(self.history)
        return f"seed {self.seed}, {self.steps} steps:\n{wrong}\n{history}"


def length_of(seed: int) -> int:
    """Return how many deeds the day of this seed has."""
    return LENGTHS[seed % len(LENGTHS)]


def run(world: World, seed: int, steps: int = 0) -> Outcome:
    """Live the day of this seed and check it; the same seed, the same day.

    Of so many steps, if any are named: fewer are the beginning of more.
    """
    steps = steps or length_of(seed)
    world.empty()
    story = _Story(world, seed)
    outcome = Outcome(seed, steps, history=story.history)
    try:
        story.live(steps)
        story.make_peace()
        outcome.wrong = checker.check(Books(world), story.people, story.watch)
        with world.app.app_context():
            outcome.wrong += verified.damages()
    except Exception as problem:
        # A deed that breaks is as wrong as one that lies.
        outcome.wrong = [*story.watch.wrong, f"broke: {type(problem).__name__}: {problem}"]
    outcome.seen = story.watch.seen
    return outcome


def shortest(world: World, failed: Outcome) -> Outcome:
    """Return the failing story of the same seed with the fewest steps."""
    for steps in range(1, failed.steps):
        story = run(world, failed.seed, steps)
        if story.wrong:
            return story
    return run(world, failed.seed, failed.steps)


class _Story:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, Random(seed)
        self.people = People(world, self.random)
        self.nemesis = Nemesis(world, self.people, self.random)
        self.counter = Counter(self.people, self.random)
        self.managers = Managers(self.people, self.random)
        self.watch = Watch(world)
        self.people.look = world.look = self.watch.look
        self.history: list[str] = []
        # Some days are calm, and some banks never fail.
        trouble = self.random.choice((0, 1, 1, 2))
        # Half of the days are without cash, so that others show what only many QRs can.
        cash = self.random.choice((0, 1))
        # One shop in four has a key with a daily limit.
        world.meter(self.random.choice((0, 0, 0, DAILY)))
        by_qr, in_cash = self._by_qr(), self._in_cash(cash)
        self.chances = {**by_qr, **in_cash, **self._rest(trouble)}

    def _by_qr(self) -> Chances:
        people = self.people
        return {
            people.charge: 12,
            people.charge_again: 3,
            people.pay: 15,
            people.tick: 20,
            people.check_now: 6,
            people.cancel: 6,
            people.new_qr: 4,
            people.open_shift: 4,
        }

    def _in_cash(self, cash: int) -> Chances:
        counter = self.counter
        return {
            counter.close_shift: 3,
            counter.take_cash: 10 * cash,
            counter.take_the_rest: 4 * cash,
            counter.take_again: 2 * cash,
            counter.give_back: 3 * cash,
            counter.move_cash: 3 * cash,
            counter.refund: 3 * cash,
            counter.set_rate: cash,
        }

    def _rest(self, trouble: int) -> Chances:
        """What managers do, what goes wrong, and the time that goes by."""
        managers, nemesis = self.managers, self.nemesis
        return {
            managers.decide: 8,
            managers.claim: 6,
            managers.mark: 2 + trouble,
            managers.reconcile: 0.5,
            nemesis.wait_short: 10,
            nemesis.wait_medium: 5,
            nemesis.wait_to_an_end: 5,
            nemesis.wait_long: 2,
            nemesis.misbehave: 4 * trouble,
            nemesis.behave: 5 * trouble,
            nemesis.end_tokens: trouble,
            nemesis.set_clock: 1.5 * trouble,
            self.interrupted: 3 * trouble,
            self.interleaved: 8,
        }

    def live(self, steps: int) -> None:
        """Open the tills, and let so many things happen."""
        self.people.do(self.counter.set_rate)
        for till in (0, 1):
            self.people.do(lambda till=till: self.people.open_till(till))
        deeds, weights = list(self.chances), list(self.chances.values())
        # One by one, so that a story of fewer steps is the beginning of the longer one.
        for _ in range(steps):
            self.note(self.random.choices(deeds, weights)[0])

    def note(self, deed: Deed) -> None:
        """Do a deed and write it down."""
        made_up = deed in (self.interrupted, self.interleaved)
        said = deed() if made_up else self.people.do(deed)
        at = self.world.shop_now.strftime("%H:%M:%S")
        self.history.append(f"{len(self.history):3} {at} {_name(deed)}: {said}")

    def interrupted(self) -> str:
        people, counter = self.people, self.counter
        deed = self.random.choice(
            (people.charge, people.cancel, people.new_qr, people.tick, counter.close_shift)
            + (counter.take_cash, counter.take_the_rest, counter.give_back, counter.refund)
        )
        return f"{deed.__name__}: {self.nemesis.interrupted(deed)}"

    def interleaved(self) -> str:
        people, nemesis, counter = self.people, self.nemesis, self.counter
        asker = self.random.choice((people.check_now, people.tick, people.ask_due))
        other = self.random.choice(
            (people.pay, people.cancel, people.cancel, people.tick, people.check_now, people.new_qr)
            + (people.expire, counter.close_shift, nemesis.wait_short, nemesis.set_clock)
            + (counter.take_the_rest, counter.give_back)
        )
        said = self.nemesis.interleaved(asker, other)
        return f"{asker.__name__} with {other.__name__}: {said}"

    def make_peace(self) -> None:
        """End all trouble, let the worker finish, and close every shift."""
        self.nemesis.behave()
        self.nemesis.set_skew(0)
        self.note(self.people.hear_of_clock)
        self.note(self.round)
        self.watch.see_that_all_is_asked_soon()
        self.note(self.rest)
        self.world.true += timedelta(hours=2, seconds=2)
        self.note(self.round)
        if self.world.daily_quota:
            self.note(self.evening)
        self.note(self.counter.close_all)
        for till, till_id in enumerate(self.world.shop.till_ids):
            if checker.unreported(self.world, till_id):
                self.note(partial(self.counter.one_more_shift, till))

    def rest(self) -> str:
        """Run the worker until nothing is undecided; return how long that took."""
        began = self.world.true
        for _ in range(PATIENCE):
            waiting = checker.undecided(self.world)
            if not waiting:
                break
            soon = self.world.true + timedelta(seconds=1)
            self.world.true = max(soon, *map(checker.asked_again_at, waiting))
            self.round()
        else:
            self.watch.wrong.append("I7 something was never decided")
        return f"at peace after {self.world.true - began}"

    def evening(self) -> str:
        """Let the day of a limited key go by until each QR given up had its last look."""
        for _ in range(PATIENCE):
            last = checker.last_look_at(self.world)
            if last is None:
                break
            self.world.true = max(self.world.true, last) + timedelta(seconds=1)
            self.round()
        return f"until {self.world.true}"

    def round(self) -> str:
        """One whole round of the timed jobs."""
        self.people.expire()
        issuing.give_up_stuck()
        return f"asked {self.people.ask_due()}"


def _name(deed: Deed) -> str:
    return getattr(deed, "__name__", "one_more_shift")
