from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pos import create_app
from tests.backing import SETTINGS, key_file
from tests.conftest import close, make_settings
from tests.test_migrations import run


@pytest.fixture
def settings(tmp_path, database):
    """Those of a shop with a key for its backups; what it writes lies in the test's own folder."""
    return make_settings(tmp_path, database_url=database, **SETTINGS)


@dataclass
class Elsewhere:
    """Another machine, without books, on which an operator types."""

    app: Flask
    folder: Path
    key: Path

    def restore(self, file: Path, *more: str, typed: str = "") -> Any:
        words = ["restore", str(file), "--identity", str(self.key), *more]
        return self.command(*words, typed=typed)

    def command(self, *words: str, typed: str = "") -> Any:
        # A command works in the context that there is: the shop's own, were there no other.
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=list(words), input=typed)

    def restored(self, file: Path, *more: str) -> str:
        """Restore with the numbers as the backup has them, but for those that are named."""
        done = self.restore(file, *more, typed="\n" * 20)
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def elsewhere(request, database, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.startswith("sqlite"):
        yield from machine(f"sqlite:///{folder / 'pos.db'}", folder)
        return
    with request.getfixturevalue("postgres").fresh_database() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield from machine(url, folder)


def machine(url, folder):
    app = create_app(make_settings(folder, database_url=url, **SETTINGS))
    app.testing = True
    yield Elsewhere(app, folder, key_file(folder))
    close(app)
