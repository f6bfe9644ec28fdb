"""What is told of thousands of screens, beside its targets."""

from tests.bench.row import Row
from tests.bench.screens import Told

MIDDLE_MS, SLOW_MS = 25.0, 60.0
HELD_CORE, SHORT_CORE = 0.15, 0.6


def screen_rows(told: Told, many: int) -> list[Row]:
    """Return the rows of one run."""
    what = f"{many} screens {'that wait' if told.waits else 'each second'}"
    core, is_main = HELD_CORE if told.waits else SHORT_CORE, many == 2_000
    rows = [
        Row(f"{what}, missed, errors", f"{told.missed}, {told.errors}", "none", _is_bad(told)),
        _row(f"{what}, quiet", told.quiet, "of a core", core if is_main else None),
    ]
    targets = (MIDDLE_MS, SLOW_MS) if told.waits and is_main else (None, None)
    rows += [
        _row(f"{what}, commit to answer", told.middle, "ms, median", targets[0]),
        _row(f"{what}, commit to answer", told.slow, "ms, 95 of 100", targets[1]),
    ]
    more = f"{told.a_second} questions a second; {told.busy:.2f} of a core with 5 commits a second"
    return [*rows, Row(f"  {what}", more)]


def _is_bad(told: Told) -> bool:
    return bool(told.missed or told.errors)


def _row(what: str, figure: float, unit: str, most: float | None) -> Row:
    shown = f"{figure:.2f} {unit}" if figure < 1 else f"{figure:.0f} {unit}"
    return (
        Row(what, shown) if most is None else Row(what, shown, f"at most {most:g}", figure > most)
    )
