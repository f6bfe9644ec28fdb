"""What went wrong with the database, told apart by what it means to a shop.

The drivers have a hundred errors; a person needs to know whether to press again, to make room,
or to call somebody, and the program whether it may try again by itself.
"""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

AnyTrouble = DBAPIError | TimeoutError


class Mishap(StrEnum):
    """What is the matter with the database."""

    BUSY = "busy"
    """Others hold it; whoever waits gets it."""
    UNDONE = "undone"
    """It undid a transaction, so that another could go on: that may be done again at once."""
    AWAY = "away"
    """The line broke, or nobody answers."""
    FULL = "full"
    """Its disk is full."""
    FAILING = "failing"
    """Its disk fails; what was being written may be there or not."""
    READ_ONLY = "read_only"
    """Its disk, or the server, takes no writes."""
    DAMAGED = "damaged"
    """What it reads is not what was written."""


_M = Mishap

_SQLITE = {
    5: _M.BUSY,
    6: _M.BUSY,
    7: _M.BUSY,
    8: _M.READ_ONLY,
    10: _M.FAILING,
    11: _M.DAMAGED,
    13: _M.FULL,
    14: _M.BUSY,
    26: _M.DAMAGED,
}
"""Primary result codes. Source: sqlite.org/rescode.html, section 4."""

_POSTGRESQL = {
    "40001": _M.UNDONE,
    "40P01": _M.UNDONE,
    "53100": _M.FULL,
    "25006": _M.READ_ONLY,
    "58030": _M.FAILING,
    "XX001": _M.DAMAGED,
    "XX002": _M.DAMAGED,
    "40003": _M.AWAY,
    "53200": _M.BUSY,
    "53300": _M.BUSY,
    "55P03": _M.BUSY,
    "57014": _M.BUSY,
    "57P01": _M.AWAY,
    "57P02": _M.AWAY,
    "57P03": _M.AWAY,
    "57P05": _M.AWAY,
}
"""SQLSTATE codes. Source: PostgreSQL's manual, appendix A."""

_KEPT_NOTHING = (_M.BUSY, _M.UNDONE, _M.FULL, _M.READ_ONLY)
"""After one of these at a commit, nothing of the transaction is kept."""


def mishap_of(problem: AnyTrouble) -> Mishap | None:
    """Return what it means; None for a mistake of ours, such as a statement that is wrong."""
    if isinstance(problem, TimeoutError):
        return _M.BUSY
    if problem.connection_invalidated:
        return _M.AWAY
    code = getattr(problem.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(problem.orig, "sqlstate", None)
    if state is not None:
        return _M.AWAY if state.startswith("08") else _POSTGRESQL.get(state)
    # Without a word of the server there was none: it could not be reached.
    return _M.AWAY if isinstance(problem, OperationalError) else None


def is_surely_undone(problem: BaseException) -> bool:
    """Return whether a commit that ended with this error has certainly kept nothing.

    A line that breaks while the commit is on its way leaves that open.
    """
    if not isinstance(problem, DBAPIError):
        return False
    mishap = mishap_of(problem)
    return mishap in _KEPT_NOTHING or (mishap is None and problem.orig is not None)
