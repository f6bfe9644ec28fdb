"""Many seeds, in one process or in several."""

import gc
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from tests import conftest
from tests.sim import bugs, story
from tests.sim.story import Outcome
from tests.sim.world import World

_MEMORY = Path("/dev/shm")
"""Where there is one: a database there waits for no disk."""

_COLLECT_EVERY = 100


@dataclass
class Summary:
    """What many seeds came to."""

    count: int = 0
    failed: list[Outcome] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: "Summary") -> None:
        """Take another part of the same run in."""
        self.count += other.count
        self.failed += other.failed
        self.seen.update(other.seen)


@contextmanager
def open_world(blank: bytes = b"") -> Iterator[World]:
    """Give a world in a folder of its own, at work; `blank` is a `template`, if one was made."""
    with _folder() as folder:
        world = World(folder, blank or template())
        with world.at_work():
            yield world
        world.close()


@cache
def template() -> bytes:
    """Return an empty, migrated database, made once in this process."""
    with _folder() as folder:
        conftest.migrate(conftest.make_settings(folder))
        return (folder / "pos.db").read_bytes()


@contextmanager
def _folder() -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="pos-sim-", dir=where) as name:
        yield Path(name)


def run(
    seeds: Iterable[int],
    *,
    bug: str = "",
    most_failures: int = 10,
    steps: int = 0,
    blank: bytes = b"",
) -> Summary:
    """Run these seeds here, with one bug planted if one is named, until enough have failed.

    Each day has its own length, or so many steps. `blank` as for `open_world`.
    """
    summary = Summary()
    with open_world(blank) as world, bugs.planted(bug, world), _rare_collections():
        for seed in seeds:
            outcome = story.run(world, seed, steps)
            summary.count += 1
            summary.seen.update(outcome.seen)
            if outcome.wrong:
                summary.failed.append(story.shortest(world, outcome) if not bug else outcome)
            if len(summary.failed) >= most_failures:
                break
            if summary.count % _COLLECT_EVERY == 0:
                gc.collect()
    return summary


def run_wide(seeds: range, processes: int = 2) -> Summary:
    """Run these seeds in several processes at once."""
    began, whole = time.monotonic(), Summary()
    parts = [seeds[start::processes] for start in range(processes)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        for _ in parts:
            # They read the program while this process makes the database, once for all.
            pool.submit(_be_ready)
        for part in pool.map(partial(run, blank=template()), parts):
            whole.add(part)
    whole.seconds = time.monotonic() - began
    return whole


def _be_ready() -> None:
    """Do nothing, in a process that had to read the program for it."""


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage between seeds only, and never look at what was there before them.

    Else it is a tenth of the time.
    """
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()
