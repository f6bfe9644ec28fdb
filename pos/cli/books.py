"""Looking at the books, and at what asking about them costs."""

import math
from datetime import datetime
from functools import partial

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from pos import clock
from pos.cli.group import bp, plainly
from pos.extensions import db, settings
from pos.models import Store
from pos.reports.auditing import books
from pos.reports.office import reconcile as report_of_runs
from pos.services.asking.ladder import PRIOR_UNPAID
from pos.services.asking.reference_day import Figures, Shop, polled
from pos.services.reconciling import reconcile


@bp.cli.command("reconcile")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The business day; today if none.")
@click.option("--store", "store_id", type=int, help="One store's number; all if none.")
@with_appcontext
def reconcile_command(day: datetime | None, store_id: int | None) -> None:
    """Hold a day against the bank once more, and list what differs; exit status 1 if any does."""
    on = day.date() if day else clock.business_date(clock.now())
    known = list(db.session.scalars(select(Store.id).order_by(Store.id)))
    if store_id is not None and store_id not in known:
        raise click.ClickException(f"There is no store {store_id}.")
    differs = False
    for one in known if store_id is None else [store_id]:
        run_id = plainly(partial(reconcile.by_hand, one, on)).id
        told = report_of_runs.of_run(one, run_id)
        click.echo("\n".join(report_of_runs.in_lines(told)))
        differs = differs or told.line.difference_count > 0
    raise SystemExit(1 if differs else 0)


@bp.cli.command("verify-books")
@with_appcontext
def verify_books() -> None:
    """Hold reports, corrections and the audit log to their hashes and rows; exit status 1 if not.

    A line for each thing that is wrong names till, record and field. Nothing is changed.
    """
    verdict = books.verify()
    for damage in verdict.damages:
        click.echo(str(damage))
    if verdict.damages:
        damaged = len({(one.till, one.record) for one in verdict.damages})
        click.echo(f"{damaged} damaged of {verdict.records} records.")
        raise SystemExit(1)
    for numbers in verdict.lost:
        click.echo(f"Lost by a restore, and written down: {numbers}.")
    click.echo(f"All {verdict.records} records hold, and the {verdict.entries} of the audit log.")


@bp.cli.command("bench-checks")
@click.option("--days", default=30, show_default=True, help="Days played for each line.")
@with_appcontext
def bench_checks(days: int) -> None:
    """Play the reference day: what asking costs, and how long customers wait for green."""
    rules = settings()
    click.echo("sales a day   questions   calls per    waiting, s       green while   most asked")
    click.echo("              allowed     paid sale    median  95 %     the QR lived  in a day")
    for sales in (50, 100, 200, 400):
        for limit in (100, round(3.2 * (1 - PRIOR_UNPAID) * sales)):
            told = Shop(sales, limit, rules).play(days, learning=7)
            click.echo(_bench_line(sales, str(limit), told, rules.qr_seconds))
    click.echo(_bench_line(100, "no limit*", polled(100 * days, 3, rules), rules.qr_seconds))
    click.echo("* a fixed poll every 3 s, as many programs do; nobody allows it.")


def _bench_line(sales: int, limit: str, told: Figures, life: int) -> str:
    median, slow = (_seconds(told.delay(part)) for part in (0.5, 0.95))
    most = told.most_in_a_day or "-"
    return (
        f"{sales:>11}   {limit:>9}   {told.calls_per_paid_sale:>9.2f}    {median:>6}  {slow:>5}"
        f"    {told.told_within(life):>12.0%}   {most:>10}"
    )


def _seconds(count: float) -> str:
    return f"{count:.1f}" if math.isfinite(count) else "never"
