"""Customer screens as the till sees them: pair one by its code, see them, take one back."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from pos import clock
from pos.errors import NoOpenShift, NotFound, Refused
from pos.extensions import db
from pos.models import Display, Shift
from pos.services.bookkeeping import shifts
from pos.services.shop import displays, screen_pairing
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("pairing", __name__, url_prefix="/pairing")

_USUAL = {str(name): name for name in (displays.PAIRED_BY_CODE, displays.WINDOW)}
"""Names that nobody typed, to be said in the page's language."""


@dataclass(frozen=True)
class DisplayLine:
    """One paired screen in the list."""

    id: int
    name: str
    paired_at: datetime | None
    last_seen_at: datetime
    is_online: bool


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """A screen follows a till, so a till must be open."""
    flash(_("Open a shift first: a customer screen follows a till."))
    return redirect(url_for("shifts.open_shift"), 303)


@bp.get("")
def pairing() -> ResponseReturnValue:
    """List the screens of the person's till and offer to pair another."""
    return _page(_my_shift())


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift


def _page(shift: Shift, error: str = "", status: int = 200) -> ResponseReturnValue:
    query = select(Display).where(Display.till_id == shift.till_id).order_by(Display.id)
    return render_template(
        "pairing/pairing.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        displays=[_line(row) for row in db.session.scalars(query)],
        error=error,
    ), status


def _line(row: Display) -> DisplayLine:
    online = clock.now() - row.last_seen_at <= displays.ONLINE_WITHIN
    return DisplayLine(
        row.id, _USUAL.get(row.name, row.name), row.paired_at, row.last_seen_at, online
    )


@bp.post("/pair")
def pair() -> ResponseReturnValue:
    """Find the screen that shows the typed code, and go and ask whether it is the right one."""
    try:
        asked = screen_pairing.ask(request.form.get("code", ""), _my_shift().till_id)
    except Refused as problem:
        return _page(_my_shift(), problem.text, problem.status)
    return redirect(url_for(".confirm", display_id=asked.id), 303)


@bp.get("/<int:display_id>/confirm")
def confirm(display_id: int) -> ResponseReturnValue:
    """Ask whether this is the screen, by its code, its browser and how long it has been open."""
    shift = _my_shift()
    asked = screen_pairing.wanted(display_id, shift.till_id)
    return render_template(
        "pairing/confirm.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        display_id=asked.id,
        code=asked.pairing_code or "",
        agent=asked.agent,
        minutes=int((clock.now() - asked.created_at).total_seconds() // 60),
    )


@bp.post("/<int:display_id>/confirm")
def answer(display_id: int) -> ResponseReturnValue:
    """Let the screen follow this till, or turn it down; then it shows another code."""
    till_id = _my_shift().till_id
    if request.form.get("answer") != "pair":
        screen_pairing.decline(display_id, till_id)
        flash(_("Not paired. That screen shows another code now."))
    else:
        screen_pairing.pair(display_id, till_id)
        flash(_("The customer screen now follows this till."))
    return redirect(url_for(".pairing"), 303)


@bp.post("/<int:display_id>/rename")
def rename(display_id: int) -> ResponseReturnValue:
    """Give a screen of this till a name; 422 with the reason for what is no name."""
    shift = _mine(display_id)
    try:
        displays.rename(display_id, shift.till.store_id, request.form.get("name", ""))
    except Refused as problem:
        return _page(_my_shift(), problem.text, problem.status)
    return redirect(url_for(".pairing"), 303)


@bp.post("/<int:display_id>/revoke")
def revoke(display_id: int) -> ResponseReturnValue:
    """Take a screen of this till back; it shows a new pairing code at once."""
    displays.revoke(display_id, _mine(display_id).till.store_id)
    flash(_("The screen no longer follows this till."))
    return redirect(url_for(".pairing"), 303)


def _mine(display_id: int) -> Shift:
    """Return the person's shift; NotFound for a screen that does not follow its till."""
    shift = _my_shift()
    row = db.session.get(Display, display_id)
    if row is None or row.till_id != shift.till_id:
        raise NotFound(_("There is no such screen."))
    return shift
