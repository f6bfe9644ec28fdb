"""Customer screens: started with a code, followed, named, taken back."""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Display, Till
from pos.words import _

log = logging.getLogger(__name__)

CODE_LIFE = timedelta(minutes=5)
SEEN_EVERY = timedelta(seconds=20)
ONLINE_WITHIN = timedelta(seconds=45)
MOST_WAITING = 50
"""Screens that may wait for pairing at once; each is a row that anybody can make."""

PAIRED_BY_CODE = _("Customer screen")
WINDOW = _("Second window")
"""What a screen is called until somebody gives it a name."""

NAME_LENGTH = 40
AGENT_LENGTH = 64


@dataclass(frozen=True)
class Started:
    """A new screen's secret token; it exists nowhere else in the clear."""

    token: str


def hash_of(token: str) -> str:
    """Return what is stored of a screen's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(agent: str = "") -> Started:
    """Make an unpaired screen with a fresh code; Refused while too many wait for pairing.

    `agent` says in a few words what browser it is, for who is asked whether it is the right one.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    with writing(db.session):
        _sweep_unpaired()
        waiting = select(func.count(Display.id)).where(Display.till_id.is_(None))
        if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
            raise Refused(
                _("Too many screens are waiting to be paired. Try again in five minutes.")
            )
        db.session.add(
            Display(
                token_hash=hash_of(token),
                name=str(PAIRED_BY_CODE),
                agent=agent[:AGENT_LENGTH],
                pairing_code=_free_code(),
                code_expires_at=now + CODE_LIFE,
                created_at=now,
                last_seen_at=now,
            )
        )
    return Started(token)


def _sweep_unpaired() -> None:
    """Forget screens that were never paired and that nobody looks at any more."""
    gone = clock.now() - CODE_LIFE
    db.session.execute(
        delete(Display).where(Display.till_id.is_(None), Display.last_seen_at < gone)
    )


def _free_code() -> str:
    taken = set(db.session.scalars(select(Display.pairing_code)))
    return next(code for code in iter(_random_code, None) if code not in taken)


def _random_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def of_token(token: str) -> Display | None:
    """Return the screen that holds this token, or None once it was taken back."""
    return db.session.scalar(select(Display).where(Display.token_hash == hash_of(token)))


def refresh(display: Display) -> None:
    """Note that a screen is alive, and give an unpaired one a new code when its old one ends.

    Writes at most every twenty seconds, however often the screen asks. Books that take no
    writes keep no screen from being drawn.
    """
    now = clock.now()
    code_over = display.pairing_code is not None and (display.code_expires_at or now) <= now
    if not code_over and now - display.last_seen_at < SEEN_EVERY:
        return
    display_id = display.id
    try:
        with writing(db.session):
            display.last_seen_at = now
            if code_over:
                renew_code(display)
    except DBAPIError as problem:
        log.warning("it is not written that screen %d lives: %s", display_id, problem.orig)


def note_alive(display_ids: Iterable[int]) -> None:
    """Note of many screens at once that they are alive."""
    now, alive = clock.now(), Display.id.in_(list(display_ids))
    with writing(db.session):
        db.session.execute(update(Display).where(alive).values(last_seen_at=now))


def renew_code(display: Display) -> None:
    """Give an unpaired screen another code, within the open transaction; nobody waits for it."""
    display.pairing_code, display.code_expires_at = _free_code(), clock.now() + CODE_LIFE
    display.wanted_till_id = None


def is_there(till_id: int) -> bool:
    """Return whether a screen of this till was seen a moment ago."""
    alive = Display.last_seen_at >= clock.now() - ONLINE_WITHIN
    found = select(Display.id).where(Display.till_id == till_id, alive)
    return db.session.scalar(found.limit(1)) is not None


def open_window(till: Till) -> Started:
    """Make a screen that follows this till at once: a second window of the till's own device.

    Windows of this till that were closed are forgotten.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    with writing(db.session):
        closed = (Display.till_id == till.id, Display.name == str(WINDOW))
        gone = Display.last_seen_at < now - ONLINE_WITHIN
        db.session.execute(delete(Display).where(*closed, gone))
        db.session.add(
            Display(
                token_hash=hash_of(token),
                name=str(WINDOW),
                till_id=till.id,
                paired_at=now,
                created_at=now,
                last_seen_at=now,
            )
        )
        redraw(till.id)
    return Started(token)


def rename(display_id: int, store_id: int, name: str) -> None:
    """Give a screen a name of its own; BadInput for none or a long one, NotFound elsewhere."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH or min(name) < " ":
        raise BadInput(_("A name has 1 to %(most)s characters.", most=NAME_LENGTH))
    with writing(db.session):
        _of_store(display_id, store_id).name = name


def revoke(display_id: int, store_id: int) -> None:
    """Take a screen back: its token is worthless at once. NotFound outside this store."""
    with writing(db.session):
        display = _of_store(display_id, store_id)
        redraw(display.till_id)
        db.session.delete(display)


def _of_store(display_id: int, store_id: int) -> Display:
    display = db.session.get(Display, display_id)
    if display is None or display.till is None or display.till.store_id != store_id:
        raise NotFound(_("There is no such screen."))
    return display


def redraw(till_id: int | None) -> None:
    """Let all screens of a till be drawn anew, within the open transaction."""
    db.session.execute(
        update(Till).where(Till.id == till_id).values(screen_version=Till.screen_version + 1)
    )
