"""The till's sound: how loud, what each sound means, and which device makes it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NoOpenShift, Refused
from pos.models import Shift
from pos.services.bookkeeping import shifts
from pos.services.shop import sounds
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("sound", __name__, url_prefix="/till/sound")


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """A sound is a till's, so a till must be open."""
    return redirect(url_for("shifts.open_shift"), 303)


@bp.get("")
def sound() -> ResponseReturnValue:
    """Show the volume of this device, the three sounds, and the device that sounds."""
    return _page(_my_shift())


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift


def _page(shift: Shift, error: str = "", status: int = 200) -> ResponseReturnValue:
    return render_template(
        "sound/sound.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        sound_at=shift.till.sound_at,
        error=error,
    ), status


@bp.post("")
def choose() -> ResponseReturnValue:
    """Let the till or the customer's display sound."""
    shift = _my_shift()
    try:
        sounds.choose(shift.till_id, request.form.get("sound_at", ""))
    except Refused as problem:
        return _page(_my_shift(), problem.text, problem.status)
    flash(_("Saved."))
    return redirect(url_for(".sound"), 303)
