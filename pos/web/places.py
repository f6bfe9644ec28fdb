"""Where a page of a long list begins, as an address has it: an instant and ids, "1763800000-7"."""

from datetime import datetime

from pos import clock
from pos.web.ids import row_id

MOST_DIGITS = 15


def write(at: datetime, *ids: int) -> str:
    """Write an instant and the ids that tell apart what happened in it."""
    return "-".join(map(str, (clock.epoch_ms(at), *ids)))


def read(typed: str, ids: int) -> tuple[datetime, tuple[int, ...]]:
    """Return the instant and so many ids; ValueError for what nobody wrote so."""
    at, *rest = typed.split("-")
    if len(rest) != ids:
        raise ValueError("not a place in a list")
    return _instant(at), tuple(row_id(one) for one in rest)


def _instant(typed: str) -> datetime:
    if len(typed) > MOST_DIGITS or not (typed.isascii() and typed.isdigit()):
        raise ValueError("not an instant")
    try:
        return clock.from_epoch_ms(int(typed))
    except OverflowError as problem:
        raise ValueError("not an instant") from problem
