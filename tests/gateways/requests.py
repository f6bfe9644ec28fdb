"""What a shop asks of any gateway, and how a test reads the answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pos.gateways.base import QrRequest
from pos.money import Currency, Money

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def usd(text):
    return Money.read(text, Currency.USD)


def khr(text):
    return Money.read(text, Currency.KHR)


def qr_request(tran_id="T1122-000001", **changes):
    """A coffee for $3.50, payable for five minutes."""
    request = QrRequest(
        tran_id=tran_id,
        amount=usd("3.50"),
        merchant_name="Angkor Coffee",
        merchant_city="Siem Reap",
        store_label="Riverside",
        till_label="Till 1",
        made_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    return replace(request, **changes)


def said(answer):
    """What an answer comes to, in one word: its outcome, or the trouble."""
    return str(answer.trouble or answer.outcome)
