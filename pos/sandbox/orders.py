"""What a payer may do with a QR, and the booking of it.

A program may pay anything a bank app can read, expired codes included; the phone page is as
strict as a bank app and says so before it comes here.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pos import clock
from pos.errors import BadInput
from pos.money import Currency, Money
from pos.sandbox.ledger import Ledger, Transfer, is_account_id
from pos.sandbox.shown import ShownQr, read_qr

PAYER = "customer@practice"
"""The account from which every practice payment comes, unless an order names another."""

RIEL_FOR_A_DOLLAR = 4000
"""At which an order in the other currency without an amount of its own is converted."""

MOST_TIMES = 20
_ACKNOWLEDGED_AFTER_MS = 1500
_YES = (True, "true", "on", "1", "yes")
_NO = (None, False, "", "false", "off", "0", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A payer's wish. `at` is the payer's time, None for now."""

    qr: ShownQr
    money: Money
    to_account: str
    from_account: str
    at: datetime | None
    times: int
    fail: bool
    description: str | None
    instruction_ref: str | None


def read_order(fields: Mapping[str, Any]) -> Order:
    """Return the order that the fields of a form or a JSON object describe.

    `qr` must be there; the rest may be absent or empty: `amount` (number or text in major
    units), `currency`, `to_account`, `from_account`, `at` (epoch milliseconds or an ISO
    instant, shop time if it names no zone), `times`, `fail`, `description`,
    `instruction_ref`. BadInput or BadAmount, with a sentence, for what cannot be read.
    """
    qr = read_qr(_text(fields, "qr") or "")
    return Order(
        qr=qr,
        money=_money(qr, _amount(fields.get("amount")), _currency(_text(fields, "currency"))),
        to_account=_account(_text(fields, "to_account") or qr.account),
        from_account=_account(_text(fields, "from_account") or PAYER),
        at=_instant(fields.get("at")),
        times=_times(fields.get("times")),
        fail=_yes_or_no("fail", fields.get("fail")),
        description=_text(fields, "description"),
        instruction_ref=_text(fields, "instruction_ref"),
    )


def pay(ledger: Ledger, order: Order) -> list[Transfer]:
    """Book the order, as many times as it says, and return what was booked."""
    transfers = [_transfer(order) for _ in range(order.times)]
    ledger.book(transfers)
    return transfers


def exchanged(money: Money, currency: Currency) -> Money:
    """Return the money in the other currency, at the bank's rate, at least its smallest coin."""
    rate = Decimal(RIEL_FOR_A_DOLLAR)
    value = money.decimal * rate if currency is Currency.KHR else money.decimal / rate
    minor = value.scaleb(currency.exponent).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(max(1, int(minor)), currency)


def _transfer(order: Order) -> Transfer:
    now = clock.now()
    created_ms = clock.epoch_ms(order.at or now)
    return Transfer(
        hash=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        md5=order.qr.md5,
        qr=order.qr.text,
        is_static=order.qr.amount is None,
        is_failed=order.fail,
        from_account=order.from_account,
        to_account=order.to_account,
        currency=order.money.currency,
        amount_minor=order.money.minor,
        description=order.description,
        created_ms=created_ms,
        acknowledged_ms=created_ms + _ACKNOWLEDGED_AFTER_MS,
        booked_ms=clock.epoch_ms(now),
        external_ref=f"100FT{secrets.randbelow(10**11):011d}",
        instruction_ref=order.instruction_ref,
    )


def _money(qr: ShownQr, typed: str | None, currency: Currency | None) -> Money:
    if typed is not None:
        return Money.read(typed, currency or qr.currency)
    if qr.amount is None:
        raise BadInput("This QR has no amount, so say how much to pay.")
    if currency is None or currency is qr.currency:
        return qr.amount
    return exchanged(qr.amount, currency)


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{name} takes a text.")
    return value or None


def _amount(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise BadInput("amount takes a number such as 3.50.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON has one kind of number: 15000.0 riel are whole.
    text = "" if value is None else str(value).strip()
    if len(text) > 13:
        raise BadInput("An amount has at most 13 characters.")
    return text or None


def _currency(code: str | None) -> Currency | None:
    try:
        return None if code is None else Currency(code)
    except ValueError as error:
        raise BadInput("currency takes USD or KHR.") from error


def _account(account_id: str) -> str:
    if not is_account_id(account_id):
        raise BadInput("An account looks like name@bank, 32 characters at most.")
    return account_id


def _times(value: object) -> int:
    text = "1" if value in (None, "") else str(value)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MOST_TIMES:
        raise BadInput(f"times takes a whole number from 1 to {MOST_TIMES}.")
    return int(text)


def _yes_or_no(name: str, value: object) -> bool:
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise BadInput(f"{name} takes true or false.")


def _instant(value: object) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        text = str(value)
        if text.isascii() and text.isdigit():
            return clock.from_epoch_ms(int(text))
        instant = datetime.fromisoformat(text)
        clock.epoch_ms(_zoned(instant))
        return _zoned(instant)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("at takes epoch milliseconds or an ISO instant.") from error


def _zoned(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.SHOP_ZONE)
