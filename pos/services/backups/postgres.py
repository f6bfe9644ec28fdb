"""Copying a PostgreSQL database while the shop sells, and putting one in its place.

A restored copy is staged in a schema of its own beside the present one; two renames in one
transaction put it in its place. So the old books stay until the new ones are whole.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from pos.errors import BackupFailed
from pos.services.backups import tools

STAGED = "pos_incoming"
"""The schema in which a copy lies until it is put in its place."""

ASIDE = "pos_before_"
"""How the name of a schema with books begins that were set aside."""

_OURS = ("--no-owner", "--no-privileges", "--no-comments")

_SCHEMA_ITSELF = re.compile(r"\b(SCHEMA|COMMENT|ACL|DEFAULT ACL|EXTENSION) - ")


def dump(url: str, target: Path) -> None:
    """Write the books of one instant in pg_dump's own form; no other schema goes along."""
    others = (f"--exclude-schema={ASIDE}*", f"--exclude-schema={STAGED}")
    target.touch(mode=0o600)
    tools.run("pg_dump", "--format=custom", *_OURS, *others, f"--file={target}", url=url)


def check(file: Path, work: Path) -> Path:
    """Read a dump to its end and return it as a script; BackupFailed where that fails.

    What makes the schema itself is left out: it lies wherever it is put.
    """
    listed, script = work / "list", work / "script.sql"
    tools.run("pg_restore", "--list", f"--file={listed}", str(file))
    lines = [one for one in listed.read_text().splitlines() if not _SCHEMA_ITSELF.search(one)]
    listed.write_text("\n".join(lines) + "\n")
    script.touch(mode=0o600)
    tools.run("pg_restore", *_OURS, f"--use-list={listed}", f"--file={script}", str(file))
    return script


def size_of(connection: Connection) -> int:
    """Return how many bytes the database takes."""
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def is_empty(url: str) -> bool:
    """Return whether no table lives in this place."""
    found = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(text(found)) or 0) == 0


def refuse_in_use(url: str) -> None:
    """Raise BackupFailed while anybody else is connected to the database."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        if connection.scalar(text(others)):
            raise BackupFailed("The shop still runs: stop the web app and the worker first.")


def stage(url: str, script: Path, work: Path) -> str:
    """Lay a copy beside the present books, whole or not at all; return the address of it."""
    before, after = work / "before.sql", work / "after.sql"
    before.write_text(
        f"DROP SCHEMA IF EXISTS {STAGED} CASCADE;\n"
        "ALTER SCHEMA public RENAME TO pos_present;\nCREATE SCHEMA public;\n"
    )
    after.write_text(
        f"ALTER SCHEMA public RENAME TO {STAGED};\nALTER SCHEMA pos_present RENAME TO public;\n"
    )
    files = [f"--file={one}" for one in (before, script, after)]
    tools.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", *files, url=url)
    return staged_url(url)


def staged_url(url: str) -> str:
    """Return the address at which the staged copy is the database."""
    there = make_url(url).update_query_dict({"options": f"-csearch_path={STAGED}"})
    return there.render_as_string(hide_password=False)


def place(url: str, aside: str) -> None:
    """Put the staged copy in the place of the present books, which are named `aside`.

    Both in one transaction. Where nothing lived there, the empty schema goes.
    """
    is_new = is_empty(url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if is_new:
            connection.execute(text("DROP SCHEMA public CASCADE"))
        else:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {aside}"))
        connection.execute(text(f"ALTER SCHEMA {STAGED} RENAME TO public"))
