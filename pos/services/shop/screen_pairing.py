"""Making a customer's screen follow a till: its code is typed, and then a person says yes.

A code alone pairs nothing: the till first says which screen shows it, so that a code that was
mistyped, or read off somebody else's screen, can be turned down.
"""

from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.database import is_writing, writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Display, Till
from pos.services.settling import payments
from pos.services.shop import displays
from pos.words import _

TRIES = 5
"""Wrong codes in a row at one till before it waits."""

WAIT = timedelta(minutes=5)

NOBODY = _("No screen shows this code. Codes change every five minutes.")


def ask(code: str, till_id: int) -> Display:
    """Return the screen that shows this code; it waits for this till's yes from now on.

    BadInput for what is no code and for one that nobody shows, Refused after too many of those.
    """
    digits = "".join(sign for sign in code if sign not in " -")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise BadInput(_("The code has six digits. It is on the customer's screen."))
    now = clock.now()
    query = select(Display).where(Display.pairing_code == digits, Display.code_expires_at > now)
    with writing(db.session):
        payments.take_turn(till_id)
        till = db.session.get_one(Till, till_id)
        _refuse_guessing(till)
        display = db.session.scalar(query)
        _count(till, is_right=display is not None)
        if display is not None:
            display.wanted_till_id = till_id
    # The wrong code is in the books by now.
    if display is None:
        raise BadInput(NOBODY)
    return display


def _refuse_guessing(till: Till) -> None:
    if till.codes_wait_until is not None and till.codes_wait_until > clock.now():
        raise Refused(_("Too many wrong codes at this till. Wait five minutes and try again."))


def _count(till: Till, *, is_right: bool) -> None:
    till.codes_wait_until = None
    till.wrong_codes = 0 if is_right else till.wrong_codes + 1
    if till.wrong_codes >= TRIES:
        till.wrong_codes, till.codes_wait_until = 0, clock.now() + WAIT


def wanted(display_id: int, till_id: int) -> Display:
    """Return a screen that waits for this till's yes; NotFound for any other.

    Its code may have ended since: then it is asked for anew.
    """
    query = select(Display).where(
        Display.id == display_id,
        Display.wanted_till_id == till_id,
        Display.code_expires_at > clock.now(),
    )
    display = db.session.scalar(query.with_for_update() if is_writing(db.session) else query)
    if display is None:
        raise NotFound(_("This screen waits no longer. Type the code that it shows now."))
    return display


def pair(display_id: int, till_id: int) -> None:
    """Let a screen follow this till, after its yes; NotFound where it waits no longer."""
    with writing(db.session):
        display = wanted(display_id, till_id)
        display.till_id, display.paired_at = till_id, clock.now()
        display.pairing_code = display.code_expires_at = display.wanted_till_id = None
        displays.redraw(till_id)


def decline(display_id: int, till_id: int) -> None:
    """Turn a screen down; it shows another code at once. NotFound where it waits no longer."""
    with writing(db.session):
        displays.renew_code(wanted(display_id, till_id))
