"""How often a program may do something: counted in the database, for all processes together."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from pos import clock
from pos.database import writing
from pos.errors import TooOften
from pos.extensions import db
from pos.models import ApiToken, ApiTry

Limit = tuple[int, timedelta]
"""So many within so long."""

LONGEST = timedelta(hours=1)


def count(token: ApiToken, kind: str, limits: Sequence[Limit]) -> None:
    """Count one try of this token's; TooOften, and nothing counted, where a limit is reached."""
    now, bucket = clock.now(), f"{kind}:{token.id}"
    with writing(db.session):
        # Two at once must not both be the last one that is let through.
        db.session.get_one(ApiToken, token.id, populate_existing=True, with_for_update=True)
        since = select(ApiTry.at).where(ApiTry.bucket == bucket, ApiTry.at > now - LONGEST)
        tries = list(db.session.scalars(since.order_by(ApiTry.at)))
        for most, span in limits:
            recent = [at for at in tries if at > now - span]
            if len(recent) >= most:
                left = recent[-most] + span - now
                raise TooOften("Too many requests. Wait.", -(-left // timedelta(seconds=1)))
        db.session.add(ApiTry(bucket=bucket, at=now))


def forget_old() -> None:
    """Delete what no limit counts any more."""
    with writing(db.session):
        db.session.execute(delete(ApiTry).where(ApiTry.at <= clock.now() - LONGEST))
