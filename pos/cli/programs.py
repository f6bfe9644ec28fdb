"""The programs that run until told to end."""

from flask import current_app
from flask.cli import with_appcontext

from pos import launch, logs, worker
from pos.cli.group import bp, plainly
from pos.extensions import settings


@bp.cli.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run the timed jobs until told to end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    logs.open_logs(settings())
    plainly(lambda: worker.run(app))


@bp.cli.command("demo")
def demo_command() -> None:
    """Run the practice shop whole: web app, worker and practice bank, until Ctrl-C."""
    raise SystemExit(launch.run_shop())


@bp.cli.command("sandbox")
def sandbox_command() -> None:
    """Run the practice bank alone, until Ctrl-C."""
    raise SystemExit(launch.run_sandbox())
