"""The exchange rate of a store: what a manager set last, and how old it is."""

import re
from datetime import timedelta

from sqlalchemy import ScalarSelect, func, select

from pos import clock
from pos.cash import Rate
from pos.database import writing
from pos.errors import BadInput, NotAllowed
from pos.extensions import db, settings
from pos.models import Deed, ExchangeRate, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.words import _

LEAST, MOST = 1_000, 10_000
"""Riel for a dollar; what lies beyond was typed wrong."""

USUAL_STEP_PERCENT = 2
"""A rate that moves further than this in one step is asked about once more."""


def newest_id(store_id: int) -> ScalarSelect[int]:
    """Return, as a subquery, the id of the rate in force; NULL where none was ever set."""
    newest = select(func.max(ExchangeRate.id)).where(ExchangeRate.store_id == store_id)
    return newest.scalar_subquery()


def current(store_id: int) -> ExchangeRate | None:
    """Return the rate in force at a store, or None where none was ever set."""
    return db.session.scalar(select(ExchangeRate).where(ExchangeRate.id == newest_id(store_id)))


def history(store_id: int, limit: int = 20) -> tuple[ExchangeRate, ...]:
    """Return the last rates of a store, newest first."""
    query = select(ExchangeRate).where(ExchangeRate.store_id == store_id)
    return tuple(db.session.scalars(query.order_by(ExchangeRate.id.desc()).limit(limit)))


def days_old(row: ExchangeRate) -> int:
    """Return how many whole days ago a rate was set; 0 where the clock was set back since."""
    return max(0, (clock.now() - row.set_at) // timedelta(days=1))


def is_old(row: ExchangeRate) -> bool:
    """Return whether a rate is older than the shop's setting."""
    return clock.now() - row.set_at > timedelta(days=settings().rate_days)


def read(buy: str, sell: str) -> Rate:
    """Return the rate a person typed, in whole riel; BadInput for what is no likely rate."""
    rate = Rate(buy=_riel(buy), sell=_riel(sell))
    if rate.buy > rate.sell:
        raise BadInput(_("The shop buys dollars for no more riel than it sells them for."))
    return rate


def _riel(typed: str) -> int:
    text = typed.strip()
    if re.fullmatch(r"[0-9]{1,9}", text) is None:
        raise BadInput(_("A rate is a plain number of riel, such as 4100."))
    if not LEAST <= int(text) <= MOST:
        raise BadInput(
            _("A dollar is worth %(least)s to %(most)s riel.", least=f"{LEAST:,}", most=f"{MOST:,}")
        )
    return int(text)


def set_rate(user: User, rate: Rate, *, is_sure: bool = False) -> ExchangeRate:
    """Put a rate into force from now on; NotAllowed for a cashier.

    BadInput for a jump that nobody said was meant. Sales made before keep their own rate.
    """
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers set the exchange rate."))
    user_id, store_id, who = user.id, user.store_id, user.who
    with writing(db.session):
        last = current(store_id)
        if last is not None and not is_sure and is_jump(last.rate, rate):
            raise BadInput(
                _(
                    "That is more than %(percent)s %% away from the last rate. Look again,"
                    " and tick the box if it is meant.",
                    percent=USUAL_STEP_PERCENT,
                )
            )
        row = ExchangeRate(
            store_id=store_id, buy=rate.buy, sell=rate.sell, set_at=clock.now(), set_by_id=user_id
        )
        db.session.add(row)
        audit.note(Deed.RATE_SET, who, "", store_id, was=_told(last), now=_told(row))
    return row


def _told(row: ExchangeRate | None) -> str:
    return f"{row.buy} / {row.sell}" if row is not None else ""


def is_jump(old: Rate, new: Rate) -> bool:
    """Return whether a rate is unusually far from the one before."""
    pairs = ((old.buy, new.buy), (old.sell, new.sell))
    return any(abs(was - now) * 100 > was * USUAL_STEP_PERCENT for was, now in pairs)
