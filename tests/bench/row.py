"""One line of what is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured figure; without a target it is there to be looked at."""

    what: str
    figure: str
    target: str = ""
    missed: bool = False
