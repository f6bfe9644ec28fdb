"""The tills of a store."""

from sqlalchemy import select

from pos.extensions import db
from pos.models import Till


def in_use(store_id: int) -> tuple[Till, ...]:
    """Return the tills at which a shift can be opened, in the order they were added."""
    query = select(Till).where(Till.store_id == store_id)
    return tuple(db.session.scalars(query.order_by(Till.id)))
