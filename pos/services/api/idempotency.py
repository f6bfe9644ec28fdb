"""A request that is sent twice by one key is done once, and answered twice the same.

The key is claimed by a unique row, so that it holds for all processes. The deeds behind it are
each done once by themselves (a sale by its reference, a QR by its sale): a program of ours that
dies between the deed and its answer leaves a claim that is taken over after a minute, and the
same deed then finds itself done.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.errors import BadInput, InFlight
from pos.extensions import db
from pos.models import ApiAnswer

KEPT = timedelta(days=7)
CLAIM = timedelta(seconds=60)
"""How long a claim holds without an answer: longer than any request lives."""


@dataclass(frozen=True)
class Claim:
    """A key in the hands of this request, or with the answer that was given before."""

    row_id: int
    status: int | None = None
    body: str = ""


def claim(token_id: int, key: str, digest: str) -> Claim:
    """Return the key's claim: with an answer where there is one, else this request's to do.

    InFlight while another has it; BadInput where the key was used for another request.
    """
    now = clock.now()
    _forget_of(token_id, key)
    row = ApiAnswer(token_id=token_id, key=key, digest=digest, made_at=now)
    if add_if_new(db.session, row):
        return Claim(row.id)
    this = (ApiAnswer.token_id == token_id, ApiAnswer.key == key)
    known = db.session.scalars(select(ApiAnswer).where(*this)).one()
    if known.digest != digest:
        raise BadInput("This Idempotency-Key was used for another request.")
    if known.status is not None:
        return Claim(known.id, known.status, known.body)
    stale = update(ApiAnswer).where(*this, ApiAnswer.status.is_(None))
    with writing(db.session):
        old = stale.where(ApiAnswer.made_at <= now - CLAIM).values(made_at=now)
        if rows_changed(db.session, old) != 1:
            raise InFlight("The same request is being answered at this moment.")
    return Claim(known.id)


def finish(row_id: int, status: int, body: str) -> None:
    """Keep the answer to a request that was done."""
    done = update(ApiAnswer).where(ApiAnswer.id == row_id).values(status=status, body=body)
    with writing(db.session):
        db.session.execute(done)


def let_go(row_id: int) -> None:
    """Give a key back whose request was not done, so that it can be sent again."""
    with writing(db.session):
        db.session.execute(delete(ApiAnswer).where(ApiAnswer.id == row_id))


def _forget_of(token_id: int, key: str) -> None:
    old = (ApiAnswer.token_id == token_id, ApiAnswer.key == key)
    if db.session.scalar(select(ApiAnswer.made_at).where(*old)) is not None:
        with writing(db.session):
            past = ApiAnswer.made_at <= clock.now() - KEPT
            db.session.execute(delete(ApiAnswer).where(*old, past))


def forget_old() -> None:
    """Delete the answers of more than seven days ago."""
    with writing(db.session):
        past = ApiAnswer.made_at <= clock.now() - KEPT
        db.session.execute(delete(ApiAnswer).where(past))
