"""Whether the database's tables are those that this program was written for.

A program on tables of another version would read wrong figures, or write half of a sale. It is
said of both ways: an upgrade that was not done, or not to its end, and one that another, newer
program has done meanwhile.
"""

from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pos.mishaps import Mishap, mishap_of
from pos.paths import HOME

_VERSION = "SELECT version_num FROM alembic_version"


@cache
def wanted() -> str:
    """Return the revision that this program's migrations lead to."""
    return str(ScriptDirectory(str(HOME / "migrations")).get_current_head())


def found(reads: Engine) -> str:
    """Return the revision at which the database is; "" where there is none.

    DBAPIError where it cannot be asked.
    """
    try:
        with reads.connect() as connection:
            return str(connection.exec_driver_sql(_VERSION).scalar() or "")
    except DBAPIError as problem:
        if mishap_of(problem) is not None:
            raise
        return ""  # No such table: nothing was ever made here.


def difference(reads: Engine) -> str:
    """Return in a sentence how the tables differ from what is wanted; "" where they do not.

    "" also while the database is busy or away: then nothing is known, and nothing can be done.
    """
    try:
        at = found(reads)
    except DBAPIError as problem:
        return "" if mishap_of(problem) is not Mishap.DAMAGED else "The database is damaged."
    if at == wanted():
        return ""
    return f"The database is at {at or 'nothing'}, this program at {wanted()}: flask db upgrade."
