"""The store's customer screens and whether they are there, read by other programs."""

from datetime import datetime
from typing import Literal

from flask import Blueprint
from pydantic import BaseModel, Field
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Display, Till
from pos.services.shop import displays as screens
from pos.web.api import bearer, once
from pos.web.api.contract import Answer, answers, contract
from pos.web.api.shapes import Page

bp = Blueprint("v1_displays", __name__, url_prefix="/api/v1/displays")
once.guard(bp)


class DisplayOut(BaseModel):
    """One customer screen that is paired to a till."""

    id: int
    name: str
    till: str
    state: Literal["online", "offline"] = Field(
        description=f"online: seen in the last {screens.ONLINE_WITHIN.seconds} seconds."
    )
    paired_at: datetime | None
    last_seen_at: datetime


class DisplayPage(BaseModel):
    """Some screens, the newest first."""

    data: list[DisplayOut]
    next_cursor: str | None = Field(description="None at the end.")


@bp.get("")
@contract.validate(resp=answers(401, 403, HTTP_200=DisplayPage), tags=["displays"])
def displays(query: Page) -> Answer:
    """List the paired screens of the token's store, the newest first."""
    asked = select(Display).join(Till, Display.till_id == Till.id)
    asked = asked.where(Till.store_id == bearer.caller().store_id)
    if query.before is not None:
        asked = asked.where(Display.id < query.before)
    rows = db.session.scalars(asked.order_by(Display.id.desc()).limit(query.limit)).all()
    last = str(rows[-1].id) if rows and len(rows) == query.limit else None
    return DisplayPage(data=[_told(row) for row in rows], next_cursor=last)


def _told(row: Display) -> DisplayOut:
    is_there = row.last_seen_at >= clock.now() - screens.ONLINE_WITHIN
    return DisplayOut(
        id=row.id,
        name=row.name,
        till=row.till.name if row.till else "",
        state="online" if is_there else "offline",
        paired_at=row.paired_at,
        last_seen_at=row.last_seen_at,
    )
