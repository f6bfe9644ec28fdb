"""What tests of the daily questions share: a limit, the counter, and what reached the bank."""

from typing import Any

from sqlalchemy import select

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, GatewayDay
from tests.factories import Shop


def allow(shop: Shop, limit: int) -> None:
    with writing(db.session):
        db.session.get_one(GatewayAccount, shop.account_id).daily_quota = limit


def asked(shop: Shop) -> list[int]:
    """The questions counted, a figure for each day."""
    query = select(GatewayDay.asked).where(GatewayDay.account_id == shop.account_id)
    return list(db.session.scalars(query.order_by(GatewayDay.on)))


def checks_of(bank: Any) -> list[dict[str, Any]]:
    return [call for call in bank.calls() if "check_transaction" in call["path"]]
