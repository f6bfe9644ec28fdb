"""What a drill says: one line for each fault that was made."""

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was done to the shop, what was seen, and whether what was promised held."""

    done: str
    seen: str
    held: bool

    def __str__(self) -> str:
        return f"{'held    ' if self.held else 'NOT held'}  {self.done}: {self.seen}"


Walk = Callable[[], Line]


def walk(name: str, fault: Walk) -> Line:
    """Make a fault and say what came of it; one that could not be made counts as not held."""
    began = time.monotonic()
    try:
        line = fault()
    except Exception as problem:
        traceback.print_exc()
        line = Line(name, f"{type(problem).__name__}: {problem}", held=False)
    sys.stdout.write(f"{line} ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()
    return line


def after(seconds: float | None) -> str:
    """Return "3 s later", or "never"."""
    return "never" if seconds is None else f"{seconds:.0f} s later"
