"""The till's side of a question about a tip: going on without one, and giving up."""

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NoOpenShift, NotFound, Refused
from pos.models import TipAsk
from pos.services.bookkeeping import shifts
from pos.services.selling import tips
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("tips", __name__, url_prefix="/till/tips")


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift nobody is asked."""
    return redirect(url_for("shifts.open_shift"), 303)


@bp.post("/<int:ask_id>/skip")
def skip(ask_id: int) -> ResponseReturnValue:
    """Make the QR without a tip; where the customer was quicker, theirs is on its way."""
    return _do(tips.skip, ask_id)


@bp.post("/<int:ask_id>/cancel")
def cancel(ask_id: int) -> ResponseReturnValue:
    """Give up before there is a sale: nothing was charged."""
    return _do(tips.cancel, ask_id)


def _do(deed: Callable[[TipAsk], None], ask_id: int) -> ResponseReturnValue:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    try:
        deed(tips.find(ask_id, shift.till_id))
    except NotFound:
        raise
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for("till.till"), 303)
