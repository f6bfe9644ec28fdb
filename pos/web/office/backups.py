"""The backups of the books: which there are, and asking the worker for one more."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.models import User
from pos.reports.office import backups as report
from pos.reports.office import restores
from pos.services.backups import keeping
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("backups", __name__, url_prefix="/backups")


@bp.get("", endpoint="backups")
def backup_list() -> ResponseReturnValue:
    """List the newest backups and what was put back from one, each with what became of it."""
    me: User = current_user.user
    return render_template(
        "backups/backups.html",
        store_name=me.store.name,
        page=report.page(),
        restores=restores.newest(),
    )


@bp.post("")
def ask() -> ResponseReturnValue:
    """Have the worker take a backup within the minute."""
    keeping.ask(current_user.user)
    flash(_("The worker takes a backup within a minute. Then it stands here."))
    return redirect(url_for(".backups"), 303)
