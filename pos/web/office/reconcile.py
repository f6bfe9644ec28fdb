"""What a manager sees of reconciling: the runs, and what each found to differ from the bank."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.models import Store
from pos.reports.office import callback_alarms
from pos.reports.office import reconcile as report

bp = Blueprint("reconcile", __name__, url_prefix="/reconcile")


@bp.get("", endpoint="reconcile")
def runs() -> ResponseReturnValue:
    """List the store's runs, newest first; managers only."""
    store = _store()
    return render_template(
        "reconcile/reconcile.html",
        store_name=store.name,
        runs=report.runs(store.id),
        strange=callback_alarms.unknown(store.merchant_id),
    )


@bp.get("/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    """Show one run with its differences; managers of the store only."""
    store = _store()
    told = report.of_run(store.id, run_id)
    return render_template("reconcile/run.html", store_name=store.name, report=told)


def _store() -> Store:
    store: Store = current_user.user.store
    return store
