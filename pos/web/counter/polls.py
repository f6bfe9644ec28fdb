"""The two polls of the counter: by what each knows its screen, and what that screen has to show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.sansio.http import parse_cookie

from pos import clock
from pos.extensions import settings
from pos.reports.counter import glance, turning
from pos.services.paperwork import receipt_links
from pos.services.people import users
from pos.services.shop import displays
from pos.web import cookies

CREATING = "creating"
"""The phase of a till whose QR is being made, or whose program died before it was."""


@dataclass(frozen=True)
class Poll:
    """One kind of poll. A row is what the books hold of a screen; it shows a mark by the time."""

    key_of: Callable[[Flask, str], str]
    """The hash of the proof in a `Cookie` header; whether that is in force, the books say."""

    rows_of: Callable[[Sequence[str]], dict[str, Any]]
    """The rows of these keys; a key that is not in force has none."""

    mark_at: Callable[[Any, datetime], str | None]
    """What a screen of this row shows; None where the route must look."""

    turn_after: Callable[[Any, datetime], datetime | None]
    """When a screen of this row may next change by time alone."""

    has_signs: bool = False
    """Whether its sign of life is kept in the books: `row.last_seen_at` of `row.display_id`."""


@lru_cache(maxsize=1_024)
def _login_hash(app: Flask, sent: str) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    signed = parse_cookie(sent).get(app.config["SESSION_COOKIE_NAME"], "")
    try:
        return users.hash_of(str(serializer.loads(signed).get("_user_id", "")))
    except BadSignature:
        return users.hash_of("")


def _till_rows(keys: Sequence[str]) -> dict[str, Any]:
    return glance.till_rows(keys, clock.now())


def _till_mark(row: Any, now: datetime) -> str | None:
    if row.login_ends_at <= now:
        return None
    if row.touched_at is not None and row.touched_at <= glance.awake_since(now):
        return None
    look = glance.of_till(row, now)
    if look.shift_id is None or look.is_counting or look.phase == CREATING:
        return None
    return None if look.tip_is_over else look.mark


def _till_turn(row: Any, now: datetime) -> datetime | None:
    turn = turning.next_turn(row, turning.TILL, now)
    minutes = settings().lock_minutes
    if row.touched_at is None or not minutes:
        return turn
    locks = row.touched_at + timedelta(minutes=minutes)
    return min(locks, turn or locks) if locks > now else turn


@lru_cache(maxsize=1_024)
def _token_hash(app: Flask, sent: str) -> str:
    return displays.hash_of(parse_cookie(sent).get(cookies.name_in(app, cookies.DISPLAY), ""))


def _display_mark(row: Any, now: datetime) -> str | None:
    if row.pairing_code is not None and row.code_expires_at <= now:
        return None
    receipts = receipt_links.are_given()
    look = glance.of_display(row, now, displays.SEEN_EVERY, with_receipts=receipts)
    return None if look.tip_is_over else look.mark


def _display_turn(row: Any, now: datetime) -> datetime | None:
    return turning.next_turn(row, turning.DISPLAY, now)


POLLS = {
    "/till/payment": Poll(_login_hash, _till_rows, _till_mark, _till_turn),
    "/display/screen": Poll(
        _token_hash, glance.display_rows, _display_mark, _display_turn, has_signs=True
    ),
}
"""The polls that are answered before anything else, while nothing has changed, by their path."""
