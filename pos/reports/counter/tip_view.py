"""What a customer is asked about a tip, as the till and the customer's screen show it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.extensions import db
from pos.models import TipAsk
from pos.models.tip_ask import IS_ASKING
from pos.money import Money
from pos.reports.counter.payment_view import ms_until


@dataclass(frozen=True, kw_only=True)
class TipOffer:
    """One tip to choose: its per cent, "" for the one that rounds up, and what is then paid."""

    percent: str
    tip: Money
    total: Money


@dataclass(frozen=True, kw_only=True)
class TipView:
    """The question that is open at a till."""

    ask_id: int
    amount: Money
    offers: tuple[TipOffer, ...]
    ends_at: datetime
    remaining_ms: int


def of_shift(shift_id: int | None) -> TipView | None:
    """Return the question that the customer of a shift is asked now, or None."""
    ask = db.session.scalar(select(TipAsk).where(TipAsk.shift_id == shift_id, IS_ASKING))
    if ask is None:
        return None
    return TipView(
        ask_id=ask.id,
        amount=ask.amount,
        offers=tuple(_offer(ask, kind, minor) for kind, minor in _by_size(ask)),
        ends_at=ask.ends_at,
        remaining_ms=ms_until(ask.ends_at),
    )


def _by_size(ask: TipAsk) -> list[tuple[str, int]]:
    return sorted(ask.offers.items(), key=lambda one: one[1])


def _offer(ask: TipAsk, kind: str, minor: int) -> TipOffer:
    tip = Money(minor, ask.currency)
    return TipOffer(percent=kind if kind.isdigit() else "", tip=tip, total=ask.amount + tip)
