"""Which device of a till sounds: the till itself, or the customer's display."""

from sqlalchemy import update

from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db
from pos.models import SoundAt, Till
from pos.words import _


def choose(till_id: int, place: str) -> None:
    """Let a till or its display sound from now on; both screens are drawn anew.

    BadInput for a place that is neither.
    """
    if place not in list(SoundAt):
        raise BadInput(_("Choose the till or the customer's screen."))
    chosen = update(Till).where(Till.id == till_id)
    with writing(db.session):
        db.session.execute(
            chosen.values(sound_at=SoundAt(place), screen_version=Till.screen_version + 1)
        )
