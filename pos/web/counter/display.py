"""The customer's display: no login, a secret token in a cookie, nothing but its till's screen.

Only who opens it as a second window of a till is logged in there.
"""

from flask import (
    Blueprint,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_login import current_user

from pos.errors import Refused
from pos.extensions import db
from pos.models import Display
from pos.reports.counter import glance, screens
from pos.reports.counter.glance import Glance
from pos.services.bookkeeping import shifts
from pos.services.paperwork import receipt_links
from pos.services.selling import tips
from pos.services.shop import displays
from pos.web import cookies, htmx
from pos.web.counter.agents import browser_of
from pos.web.ids import row_id
from pos.web.languages import render_in
from pos.web.paperwork.receipt_address import receipt_address
from pos.words import Language

bp = Blueprint("display", __name__)


@bp.get("/display")
def display() -> ResponseReturnValue:
    """Show this screen's till; a new browser becomes a new screen with a pairing code."""
    token = cookies.value_of(cookies.DISPLAY)
    look = _look(token)
    if look is None:
        token = displays.start(browser_of(request.user_agent.string)).token
        look = _look(token)
        assert look is not None
    page = make_response(_drawn("display/display.html", look))
    _remember(page, token)
    return page


@bp.post("/display/window")
def window() -> ResponseReturnValue:
    """Open the customer's screen of the person's till in this browser, without a code.

    A window that already follows the till is shown again.
    """
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        return redirect(url_for("pairing.pairing"), 303)
    answer = make_response(redirect(url_for(".display"), 303))
    known = displays.of_token(cookies.value_of(cookies.DISPLAY))
    if known is None or known.till_id != shift.till_id:
        _remember(answer, displays.open_window(shift.till).token)
    return answer


@bp.get("/display/screen")
def screen() -> ResponseReturnValue:
    """Answer the display's poll: its screen, or 204 while it is as `seen`."""
    look = _look(cookies.value_of(cookies.DISPLAY))
    if look is None:
        return htmx.send_to(url_for(".display"))
    if look.mark == request.args.get("seen"):
        return "", 204
    return _drawn("display/_screen.html", look)


@bp.post("/display/tip")
def tip() -> ResponseReturnValue:
    """Take the customer's choice of a tip, one of those that were offered, and show the screen.

    The screen's token is the proof. A choice that comes too late changes nothing: the screen
    shows what is.
    """
    display = displays.of_token(cookies.value_of(cookies.DISPLAY))
    if display is not None and display.till_id is not None:
        try:
            ask = tips.find(row_id(request.form.get("ask", "")), display.till_id)
            tips.choose(ask, row_id(request.form.get("tip", "")))
        except (Refused, ValueError):
            pass
    return redirect(url_for(".display"), 303)


def _look(token: str) -> Glance | None:
    """Glance at the screen of a token; now and then note that it is alive.

    A customer who let the time for a tip pass gives none.
    """
    key = displays.hash_of(token)
    look = _glance(key)
    if look is not None and look.shift_id is not None and look.tip_is_over:
        tips.end_overdue(look.shift_id)
        look = _glance(key)
    if look is None or not look.is_due_a_note:
        return look
    displays.refresh(db.session.get_one(Display, look.display_id))
    return _glance(key)


def _glance(key: str) -> Glance | None:
    return glance.at_display(key, displays.SEEN_EVERY, with_receipts=receipt_links.are_given())


def _drawn(template: str, look: Glance) -> str:
    """Draw it in Khmer, with English beside each sentence: the till's language is not its."""
    screen = screens.display_screen(db.session.get_one(Display, look.display_id), look)
    address = receipt_address(screen.receipt.sale_id) if screen.receipt else ""
    return render_in(Language.KHMER, template, screen=screen, receipt_address=address)


def _remember(page: Response, token: str) -> None:
    path = url_for(".display")
    cookies.keep(page, cookies.DISPLAY, token, seconds=cookies.YEAR, path=path)
