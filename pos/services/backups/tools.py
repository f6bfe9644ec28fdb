"""PostgreSQL's own programs, called without a password that others on the machine could read."""

import os
import shutil
import subprocess

from sqlalchemy import URL, make_url

from pos.errors import BackupFailed
from pos.extensions import settings

_MOST_SAID = 300


def run(tool: str, *arguments: str, url: str = "") -> None:
    """Run one of PostgreSQL's programs to its end; BackupFailed with its words where it fails."""
    environ = {**os.environ, **(_connection(make_url(url)) if url else {})}
    done = subprocess.run(
        [_path(tool), *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:_MOST_SAID]
        raise BackupFailed(f"{tool} failed: {said or done.returncode}")


def _path(tool: str) -> str:
    folder = settings().backup_tools
    found = shutil.which(tool, path=None if folder is None else str(folder))
    if found is None:
        raise BackupFailed(
            f"{tool} is not installed: install PostgreSQL's client programs of the server's"
            " version, or say where they are by POS_BACKUP_TOOLS."
        )
    return found


def _connection(url: URL) -> dict[str, str]:
    """Return a database's address as libpq's own variables."""
    query = {key: str(value) for key, value in url.query.items() if key in ("host", "sslmode")}
    told = {
        "PGHOST": query.get("host") or url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
        "PGCONNECT_TIMEOUT": 10,
    }
    return {name: str(value) for name, value in told.items() if value is not None}
