"""Taking backups, putting them back, and bringing the tables up to date behind one."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from pos.cli.group import bp, plainly
from pos.services.backups import archive, keeping

PLAIN = (
    "NOT ENCRYPTED: whoever gets this file reads every sale, name and number in it."
    " Make a key with `flask backup-key`."
)


@bp.cli.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--plain", is_flag=True, help="Without a key write it unencrypted, outside too.")
@with_appcontext
def backup(folder: Path | None, plain: bool) -> None:
    """Copy the books into one encrypted file, while the shop sells.

    FOLDER is POS_BACKUP_FOLDER, or `backups` in the instance folder, unless named.
    """
    taken = plainly(lambda: keeping.by_hand(folder, is_plain_allowed=plain))
    click.echo(f"{taken.path}: {taken.size} bytes, checked.")
    if taken.pruned:
        click.echo(f"{taken.pruned} older deleted.")
    if not taken.is_encrypted:
        click.echo(PLAIN, err=True)


@bp.cli.command("backup-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Make the pair of keys of the backups: the one that opens them goes into FILE.

    Run it anywhere but on the shop's machine, or take FILE away from there at once.
    """
    identity, recipient = archive.new_key()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise click.ClickException(f"{file}: {problem.strerror}.") from None
    with os.fdopen(handle, "w") as out:
        out.write(f"# Opens the backups of the shop. Keep it away from the shop.\n{identity}\n")
    click.echo(f"Opens the backups: {file}. Keep two copies of it, none of them at the shop.")
    click.echo(f"POS_BACKUP_RECIPIENT={recipient}")
