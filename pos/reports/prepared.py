"""A question asked of the books many times a second: SQLAlchemy writes its SQL only once.

After that the driver alone is asked, on a connection of the engine's own pool.
"""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError


class Prepared:
    """One select, written for one kind of database; values for its `bindparam`s come later.

    It has no list of varying length: its text never changes.
    """

    def __init__(self, query: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        written = query.compile(dialect=dialect)
        self._text = str(written)
        self._order = written.positiontup if written.positional else None
        self._fixed, self._given = {}, {}
        for name in written.bind_names.values():
            bind = written.binds[name]
            process = bind.type.bind_processor(dialect) or _as_it_is
            if bind.required:
                self._given[name] = process
            else:
                self._fixed[name] = process(bind.value)
        columns = query.selected_columns
        self._row: Any = namedtuple("_row", columns.keys())  # type: ignore[misc]
        readers = [column.type.result_processor(dialect, None) for column in columns]
        self._readers = [(at, read) for at, read in enumerate(readers) if read is not None]

    def first(self, engine: Engine, **values: Any) -> Any:
        """Return the first row, its columns by name, or None; errors are those of `all`."""
        rows = self.all(engine, **values)
        return rows[0] if rows else None

    def all(self, engine: Engine, **values: Any) -> list[Any]:
        """Return the rows, their columns by name.

        DBAPIError, as from any other query, where the books cannot be read; the connection that
        failed is not used again.
        """
        given = {name: process(values[name]) for name, process in self._given.items()}
        any_error = engine.dialect.loaded_dbapi.Error
        try:
            found = self._ask(engine, self._fixed | given)
        except any_error as problem:
            raise DBAPIError.instance(
                self._text, None, problem, any_error, dialect=engine.dialect
            ) from problem
        return [self._read(row) for row in found]

    def _read(self, found: Sequence[Any]) -> Any:
        row = list(found)
        for at, read in self._readers:
            row[at] = read(row[at])
        return self._row._make(row)

    def _ask(self, engine: Engine, values: dict[str, Any]) -> Sequence[Any]:
        asked = values if self._order is None else [values[name] for name in self._order]
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self._text, asked)
            found: Sequence[Any] = cursor.fetchall()
            cursor.close()
        except BaseException:
            connection.invalidate()
            raise
        connection.close()
        return found


def _as_it_is(value: Any) -> Any:
    return value
