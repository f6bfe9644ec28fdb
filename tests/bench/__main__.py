"""`make bench`: what sales, polls and reports cost, beside their targets; 1 when missed.

`make bench ARGS=books` measures some of it: counter (sales and polls), books (sqlite,
postgresql: reports), search (search-sqlite, search-postgresql: the list of payments), screens
(screens-2000, screens-5000, screens-short: thousands of screens at one server).
"""

import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import books, screens, search
from tests.bench.books import Cost
from tests.bench.counter import opened
from tests.bench.polls import ratios_in_process
from tests.bench.row import Row
from tests.bench.sale import sale_ms
from tests.bench.screen_rows import screen_rows
from tests.bench.served import ratios_served

SALE_MS = 25.0
POLL_SERVED = 2.0
POLL_INSIDE = 0.15
REPORT_MS = 60.0
TARGETS: dict[str, float | None] = {
    **dict.fromkeys(("Figures of a day", "Signs of a day", "Signs of 30 days"), 150.0),
    "Figures of 30 days": None,
}
"""What has another target than a report; None is there to be looked at."""

SEARCH_MS = 150.0


def sale_row(what: str, milliseconds: float) -> Row:
    """Return the row of one sale's cost."""
    figure, target = f"{milliseconds:.1f} ms CPU", f"at most {SALE_MS:g}"
    return Row(what, figure, target, milliseconds > SALE_MS)


def poll_row(what: str, ratio: float) -> Row:
    """Return the row of one poll's rate under a server."""
    figure, target = f"{ratio:.2f} of a bare route", f"at least {POLL_SERVED:g}"
    return Row(what, figure, target, ratio < POLL_SERVED)


def inside_row(what: str, ratio: float) -> Row:
    """Return the row of what one poll costs; without a watch it is there to be looked at."""
    figure = f"{ratio:.2f} of a bare route's cost"
    if "no watch" in what:
        return Row(what, figure)
    return Row(what, figure, f"at most {POLL_INSIDE:g}", ratio > POLL_INSIDE)


def report_row(what: str, cost: Cost, bare: Cost) -> Row:
    """Return the row of one request for a report."""
    figure = f"{cost.cpu:.0f} ms CPU, {cost.cpu / max(bare.cpu, 0.01):.3g} x bare"
    most = TARGETS.get(what.partition(",")[0], REPORT_MS)
    return (
        Row(what, figure)
        if most is None
        else Row(what, figure, f"at most {most:g}", cost.cpu > most)
    )


def measure_books(folder: Path, kind: str) -> list[Row]:
    """Return what reports cost on a database of this kind, with a million payments in it."""
    with books.opened(folder, kind) as full:
        told = books.costs(full)
    rows = [report_row(f"{what}, {kind}", *told[what]) for what in told]
    for what, (cost, bare) in told.items():
        waited = f"{cost.wall:.0f} ms waited; bare {bare.cpu:.1f} ms CPU"
        rows.append(Row(f"  {what}, {kind}", waited))
    return rows


def search_row(what: str, cost: Cost) -> Row:
    """Return the row of one search: what a manager waits for it."""
    figure, target = f"{cost.wall:.0f} ms waited, {cost.cpu:.0f} CPU", f"at most {SEARCH_MS:g}"
    return Row(what, figure, target, cost.wall > SEARCH_MS)


def measure_search(folder: Path, kind: str) -> list[Row]:
    """Return how long the list of payments takes to find something among a million."""
    with books.opened(folder, kind) as full:
        search.spread(full)
        return [search_row(f"{what}, {kind}", cost) for what, cost in search.costs(full)]


def measure_counter(folder: Path) -> list[Row]:
    """Return what a sale and a poll cost, in a shop whose books lie in this folder."""
    with opened(folder) as (counter, settings):
        rows = [
            sale_row("A sale with its QR", sale_ms(counter)),
            sale_row("The same, QR drawn in two processes", sale_ms(counter, drawn_twice=True)),
        ]
        counter.show_qr()
        inside, micros = ratios_in_process(counter)
        served, medians = ratios_served(counter, settings)
    rows += [
        inside_row(f"Unchanged poll, {name}, in process", ratio) for name, ratio in inside.items()
    ]
    rows += [poll_row(f"Unchanged poll, {name}, gunicorn", served[name]) for name in served]
    rows += [Row(f"  {name}, in process", f"{us:.0f} us CPU") for name, us in micros.items()]
    rows += [
        Row(f"  {name}, gunicorn", f"{rate:.0f} a second, {us:.0f} us CPU")
        for name, (rate, us) in medians.items()
    ]
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as text, with the verdict of each that has a target."""
    verdicts = [("missed" if row.missed else "met") if row.target else "" for row in rows]
    return "\n".join(
        f"{row.what:41}{row.figure:28}{row.target:14}{verdict}".rstrip()
        for row, verdict in zip(rows, verdicts, strict=True)
    )


def machine() -> str:
    """Return what else the reader must know: milliseconds mean little on a busy machine."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    busy = " Busy: trust the ratios, not the milliseconds." if load > cores else ""
    return f"Python {platform.python_version()}, {cores} cores, load {load:.1f}.{busy}"


def measure_screens(folder: Path, many: int, *, waits: bool) -> list[Row]:
    """Return what so many screens cost, and how soon they know of a commit."""
    return screen_rows(screens.measure(folder, many, waits=waits), many)


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "counter": measure_counter,
    "sqlite": partial(measure_books, kind="sqlite"),
    "postgresql": partial(measure_books, kind="postgresql"),
    "search-sqlite": partial(measure_search, kind="sqlite"),
    "search-postgresql": partial(measure_search, kind="postgresql"),
    "screens-2000": partial(measure_screens, many=2_000, waits=True),
    "screens-5000": partial(measure_screens, many=5_000, waits=True),
    "screens-short": partial(measure_screens, many=2_000, waits=False),
}


GROUPS = {
    "books": ("sqlite", "postgresql"),
    "search": ("search-sqlite", "search-postgresql"),
    "screens": ("screens-2000", "screens-5000", "screens-short"),
}
"""Parts that are asked for in one word."""


def main(asked: list[str]) -> int:
    """Measure what is asked for, or all of it, print, and return 1 when a target was missed."""
    warnings.simplefilter("ignore")
    names = [one for name in asked for one in GROUPS.get(name, (name,))] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        known = ", ".join((*GROUPS, *PARTS))
        print(f"There is no {', '.join(sorted(unknown))}. Choose of: {known}.")  # noqa: T201
        return 2
    rows: list[Row] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            rows += PARTS[name](Path(folder))
    print(machine(), table(rows), sep="\n\n")  # noqa: T201
    return int(any(row.missed for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
