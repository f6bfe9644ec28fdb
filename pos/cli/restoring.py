"""Putting books back from a backup, step by step with the operator."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from pos import clock
from pos.cli.group import bp, plainly
from pos.cli.staged import app_over
from pos.errors import BackupFailed
from pos.extensions import db, settings
from pos.models import Store, Till
from pos.reports.auditing import books
from pos.services.backups import afterwards, archive, lost, restoring
from pos.services.backups.afterwards import Written
from pos.services.backups.archive import Manifest
from pos.services.backups.lost import Highest
from pos.services.backups.restoring import Opened

LIVING = (
    "Books are there already. Nothing was done. To set them aside and put the backup in their"
    " place, stop the shop and say --replace."
)


@bp.cli.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the key that opens the backup.",
)
@click.option("--replace", is_flag=True, help="Set the present books aside first.")
@click.option("--highest-z", multiple=True, help='Highest Z printed: "Till 1=45". Asked if none.')
@click.option("--highest-correction", multiple=True, help='The same of corrections: "Till 1=3".')
@click.option("--highest-receipt", multiple=True, help='The same of a store: "Mekong Coffee=120".')
@with_appcontext
def restore(
    file: Path,
    identity: Path | None,
    replace: bool,
    highest_z: tuple[str, ...],
    highest_correction: tuple[str, ...],
    highest_receipt: tuple[str, ...],
) -> None:
    """Put the books back from the backup FILE; the shop's programs are stopped meanwhile."""
    typed = {"Z": highest_z, "C": highest_correction, "R": highest_receipt}
    plainly(lambda: _restore(file, identity, replace, typed))


def _restore(
    file: Path, identity: Path | None, replace: bool, typed: dict[str, tuple[str, ...]]
) -> None:
    if not restoring.is_place_empty() and not replace:
        raise BackupFailed(LIVING)
    restoring.let_go()
    key = archive.read_identity(identity) if identity else ""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=restoring.workplace()) as made:
        work = Path(made)
        opened = restoring.open_backup(file, key, work)
        url = restoring.stage(opened, work)
        with app_over(settings(), url):
            written = _make_ready(opened, typed)
        aside = restoring.place(opened)
    _tell(opened.manifest, written, aside)


def _make_ready(opened: Opened, typed: dict[str, tuple[str, ...]]) -> Written:
    """Bring staged books up to date, have the numbers typed, and write the restore into them."""
    if opened.manifest.revision != restoring.newest():
        click.echo(f"Bringing revision {opened.manifest.revision} up to {restoring.newest()}.")
        upgrade()
    told = afterwards.write(opened.manifest, opened.name, _highest(typed))
    verdict = books.verify()
    for damage in verdict.damages:
        click.echo(f"Damaged in the backup: {damage}", err=True)
    return told


def _highest(typed: dict[str, tuple[str, ...]]) -> Highest:
    tills = db.session.scalars(select(Till).order_by(Till.id)).all()
    stores = db.session.scalars(select(Store).order_by(Store.id)).all()
    names = {till.id: _name_of(till, tills) for till in tills}
    kept = {till.id: till.last_z_number for till in tills}
    corrected = {till.id: till.last_correction_number for till in tills}
    received = {store.id: store.last_receipt_number for store in stores}
    called = {store.id: store.name for store in stores}
    wanted = Highest(
        z_reports=_numbers(typed["Z"], names, kept, "Highest Z printed at {}"),
        corrections=_numbers(typed["C"], names, corrected, "Highest correction printed at {}"),
        receipts=_numbers(typed["R"], called, received, "Highest receipt printed in {}"),
    )
    lost.refuse_wrong(wanted)
    return wanted


def _name_of(till: Till, tills: Iterable[Till]) -> str:
    """Return the name of a till, with its store where two stores have one of that name."""
    is_alone = sum(one.name == till.name for one in tills) == 1
    return till.name if is_alone else f"{till.store.name}/{till.name}"


def _numbers(
    typed: tuple[str, ...], names: dict[int, str], known: dict[int, int], question: str
) -> dict[int, int]:
    """Read "NAME=NUMBER" for each of these; what nobody typed is asked, as the backup has it."""
    ids = {name: one for one, name in names.items()}
    found: dict[int, int] = {}
    for text in typed:
        name, _sign, number = text.rpartition("=")
        if name.strip() not in ids or not number.strip().isdecimal():
            raise BackupFailed(f'"{text}" is not NAME=NUMBER with one of: {", ".join(ids)}.')
        found[ids[name.strip()]] = int(number)
    for one, name in names.items():
        if one not in found:
            least = click.IntRange(min=known[one])
            found[one] = click.prompt(question.format(name), default=known[one], type=least)
    return found


def _tell(manifest: Manifest, written: Written, aside: str) -> None:
    say: Callable[[str], None] = click.echo
    since = f"{clock.shop_time(manifest.instant):%Y-%m-%d %H:%M}"
    say(f"The books are those of {since} again.")
    if aside:
        say(f"What was there is kept: {aside}")
    for span in written.lost:
        say(f"Written down as lost: {span}")
    say(f"{written.asked} QRs are asked about again once the worker runs.")
    say(f"Sales made after {since} are not in the books. Banks with a list name their payments")
    say("at night, under Reconciled.")
    if written.without_list:
        say("No list, so hold the bank's statement against the receipts: ")
        say(", ".join(written.without_list))
    say("Everybody logs in again. Tills, screens and programs are enrolled, paired and given")
    say("tokens anew. Look at People: who was shut out since, and passwords, are as they were.")
    say("Close the shifts that are open in these books before anybody sells.")
