"""`make drill`: breaks a running shop in every way that a test can, and says what held.

Ends with 1 if anything did not hold. ARGS="disk" walks only the faults with that word in them.
"""

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pos.launch.children import Children, Stop, Stopped
from tests.drill import disk, outside, postgres, power, processes
from tests.drill.build import NoCompilerError, build
from tests.drill.display import lost_display
from tests.drill.lines import Line, walk
from tests.drill.scene import Scene, WallClock
from tests.drill.shop import DrillShop
from tests.drill.till import Till
from tests.soak.sides import Sides
from tests.soak.verdict import judge
from tests.soak.witness import Witness

MEGABYTES = 48

FAULTS: dict[str, Callable[[Scene], Line]] = {
    "gateway outage": outside.gateway_outage,
    "lost display": lost_display,
    "worker killed": processes.worker_killed,
    "worker stopped": processes.worker_stopped,
    "web app killed": processes.web_killed,
    "web app stopped": processes.web_stopped,
    "restart of programs": processes.deploy,
    "memory": processes.memory,
    "database held, 3 s": disk.locked_a_little,
    "database held, 30 s": disk.locked_for_long,
    "disk full": disk.full,
    "clock ahead": outside.clock_ahead,
    "clock back": outside.clock_back,
    "clock far back": outside.clock_far_back,
}

Lines = list[Line]


def main(word: str = "") -> int:
    """Walk the faults whose name has the word in it; 0 if all held, 130 if told to end."""
    warnings.simplefilter("ignore")
    stop = Stop()
    stop.listen()
    lines: Lines = []
    try:
        with tempfile.TemporaryDirectory(prefix="pos-drill-") as name:
            _sqlite(Path(name), stop, word, lines)
            if word in "power cut, the counter-proof":
                _counter_proof(Path(name), stop, lines)
            if word in "postgresql restarts":
                _postgresql(Path(name), stop, lines)
    except Stopped:
        return 130
    wrong = sum(not line.held for line in lines)
    told = f"{wrong} of {len(lines)} did not hold." if wrong else f"All {len(lines)} held."
    sys.stdout.write(f"{told}\n")
    return 1 if wrong else 0


def _libraries(folder: Path) -> tuple[dict[str, str], WallClock]:
    """Build what is loaded into the programs; without a compiler there is nothing to load."""
    clock, kept = WallClock(folder / "ahead"), folder / "kept"
    cut = power.settings(build("powercut", folder), folder / "sqlite" / "shop", kept)
    both = f"{cut['LD_PRELOAD']} {build('wallclock', folder)}"
    return {**cut, "LD_PRELOAD": both, "WALLCLOCK_AHEAD": str(clock.file)}, clock


def _sqlite(folder: Path, stop: Stop, word: str, lines: Lines) -> None:
    wanted = [name for name in FAULTS if word in name]
    try:
        more, clock = _libraries(folder)
    except NoCompilerError as problem:
        lines.append(_say(Line("power cut and set clock", str(problem), held=False)))
        more, clock = {}, WallClock(folder / "ahead")
        wanted = [name for name in wanted if "clock" not in name]
    house = folder / "sqlite"
    with disk.small_disk(house / "shop", MEGABYTES), _opened(house, stop, clock, more) as scene:
        for name in wanted:
            lines.append(walk(name, partial(FAULTS[name], scene)))
        if more and word in "power cut":
            lines.append(walk("power cut", partial(power.power_cut, scene, folder / "kept")))
        lines.append(walk("books", partial(_books, scene, "SQLite")))


def _counter_proof(folder: Path, stop: Stop, lines: Lines) -> None:
    house = folder / "careless"
    (house / "logs").mkdir(parents=True)
    try:
        library = build("powercut", folder)
    except NoCompilerError as problem:
        lines.append(_say(Line("the counter-proof", str(problem), held=False)))
        return
    with Children(house / "logs", stop) as children:
        lines.append(walk("counter-proof", partial(power.careless, house, children, library)))


def _postgresql(folder: Path, stop: Stop, lines: Lines) -> None:
    house, clock = folder / "postgresql", WallClock(folder / "ahead-2")
    with (
        postgres.server() as server,
        _opened(house, stop, clock, {}, server.template_url) as scene,
    ):
        lines.append(walk("postgresql", partial(postgres.restarts, scene, server)))
        lines.append(walk("books", partial(_books, scene, "PostgreSQL")))


@contextmanager
def _opened(
    house: Path, stop: Stop, clock: WallClock, more: dict[str, str], books: str = ""
) -> Iterator[Scene]:
    """Give a shop with two open tills."""
    witness = Witness()
    (house / "logs").mkdir(parents=True)
    with Children(house / "logs", stop) as children:
        shop = DrillShop(house, children, 2, books, **more)
        shop.open()
        tills = [Till(shop.url, name, till_id, witness) for name, till_id in shop.people.items()]
        yield Scene(shop, *tills, witness, clock, house)
        shop.close()


def _books(scene: Scene, name: str) -> Line:
    """Sell once more, close the shifts, hold the books against the bank's ledger and themselves."""
    panel = scene.till.charge()
    scene.shop.pay(panel.qr)
    scene.wait_paid(panel.tran_id, 60)
    for till in (scene.till, scene.second):
        till.close()
    with Sides.opened(scene.shop.books, scene.shop.house.ledger) as sides:
        verdict = judge(sides, scene.witness)
    seen = "; ".join(verdict.wrong[:3]) if verdict.wrong else "no difference, all records hold"
    return Line(f"books in {name} against the bank's ledger", seen, not verdict.wrong)


def _say(line: Line) -> Line:
    sys.stdout.write(f"{line}\n")
    return line


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
