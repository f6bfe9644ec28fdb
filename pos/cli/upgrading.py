"""Bringing the tables up to date, behind a backup."""

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from pos.cli.group import bp, plainly
from pos.errors import BackupFailed
from pos.reports.auditing import books
from pos.services.backups import restoring, taking
from pos.services.backups.taking import Taken

NO_BACKUP = (
    "Nothing was changed, for no backup could be taken: {} To go on without, say --no-backup."
)


@bp.cli.command("upgrade")
@click.option("--no-backup", is_flag=True, help="Go on where no backup can be taken.")
@with_appcontext
def upgrade_command(no_backup: bool) -> None:
    """Back the books up, bring their tables up to date, and look the books over.

    A step is done whole or not at all; killed half-way, run it again. The way back is the backup.
    """
    revision = plainly(_revision)
    if revision == restoring.newest():
        click.echo(f"The tables are up to date: {revision}.")
        return
    plainly(restoring.let_go)
    taken = plainly(lambda: _back_up(no_backup)) if revision else None
    if taken is not None:
        click.echo(f"The way back: {taken.path}")
    plainly(restoring.let_go)
    upgrade()
    click.echo(f"Tables: from {revision or 'nothing'} to {restoring.newest()}.")
    _look_over()


def _revision() -> str:
    """Return the revision of the present tables, "" where there are none."""
    if restoring.is_place_empty():
        return ""
    revision = taking.revision()
    restoring.refuse_newer(revision)
    return revision


def _back_up(may_fail: bool) -> Taken | None:
    try:
        return taking.take()
    except BackupFailed as problem:
        if not may_fail:
            raise BackupFailed(NO_BACKUP.format(problem)) from None
        click.echo(f"No backup: {problem}", err=True)
        return None


def _look_over() -> None:
    """Say whether the books hold; exit status 1 where they do not."""
    verdict = books.verify()
    for damage in verdict.damages:
        click.echo(str(damage))
    if verdict.damages:
        raise click.ClickException("The books are damaged. Put the backup back, or ask for help.")
    click.echo(f"All {verdict.records} records of the books hold.")
