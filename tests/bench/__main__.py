"""`make bench`: what a sale and a poll cost the server, beside their targets; 1 when missed."""

import os
import platform
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from tests.bench.counter import opened
from tests.bench.polls import ratios_in_process
from tests.bench.sale import sale_ms
from tests.bench.served import ratios_served

SALE_MS = 25.0
POLL_RATIO = 0.6


@dataclass(frozen=True)
class Row:
    """One measured figure; without a target it is there to be looked at."""

    what: str
    figure: str
    target: str = ""
    missed: bool = False


def sale_row(what: str, milliseconds: float) -> Row:
    """Return the row of one sale's cost."""
    figure, target = f"{milliseconds:.1f} ms CPU", f"at most {SALE_MS:g}"
    return Row(what, figure, target, milliseconds > SALE_MS)


def poll_row(what: str, ratio: float) -> Row:
    """Return the row of one poll's rate."""
    return Row(what, f"{ratio:.2f} of a bare route", f"at least {POLL_RATIO:g}", ratio < POLL_RATIO)


def measure(folder: Path) -> list[Row]:
    """Return every figure, measured in a shop whose books lie in this folder."""
    with opened(folder) as (counter, settings):
        rows = [
            sale_row("A sale with its QR", sale_ms(counter)),
            sale_row("The same, QR drawn in two processes", sale_ms(counter, drawn_twice=True)),
        ]
        counter.show_qr()
        inside, micros = ratios_in_process(counter)
        served, medians = ratios_served(counter, settings)
    rows += [
        Row(f"Unchanged poll, {name}, in process", f"{ratio:.2f} of a bare route")
        for name, ratio in inside.items()
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
        f"{row.what:38}{row.figure:28}{row.target:14}{verdict}".rstrip()
        for row, verdict in zip(rows, verdicts, strict=True)
    )


def machine() -> str:
    """Return what else the reader must know: milliseconds mean little on a busy machine."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    busy = " Busy: trust the ratios, not the milliseconds." if load > cores else ""
    return f"Python {platform.python_version()}, {cores} cores, load {load:.1f}.{busy}"


def main() -> int:
    """Measure, print, and return 1 when a target was missed."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    print(machine(), table(rows), sep="\n\n")  # noqa: T201
    return int(any(row.missed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
