"""The money in PayWay's answers, read whole or refused.

`original_amount` is what the merchant asked for and gets; `payment_amount` is what the payer
gave, perhaps in the other currency, and settles nothing. A check does not name the currency of
the bill, so it is that of the payment we asked about.
Source: ABA, check and detail guides (2026); the time zone by its test host.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pos.clock import SHOP_ZONE
from pos.errors import GatewayGarbled
from pos.gateways import fields
from pos.gateways.base import PaidFacts
from pos.gateways.deeds import ListedTransaction
from pos.money import Currency, Money

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_FORM = "%Y-%m-%d %H:%M:%S"
_BILL = ("original_amount", "total_amount", "amount")

Row = Mapping[str, object]


def read_paid(data: Row, tran_id: str, currency: Currency, receiver: str) -> PaidFacts:
    """Return the money of a payment that was approved; GatewayGarbled names the field."""
    refunded = _money_or_none(data.get("refund_amount"), currency)
    return PaidFacts(
        reference=tran_id,
        amount=_bill(data, currency),
        payer=payer_of(data),
        receiver=receiver,
        paid_at=read_time(data.get("transaction_date")),
        bank_reference=fields.text(fields.remark(data.get("apv")), "apv"),
        refunded=refunded if refunded and refunded.minor else None,
    )


def read_row(row: Row) -> ListedTransaction:
    """Return one row of a list, or a detail; GatewayGarbled names the field."""
    currency = fields.currency(row.get("original_currency"))
    tran_id = fields.remark(row.get("tran_id") or row.get("transaction_id"))
    return ListedTransaction(
        tran_id=fields.text(tran_id, "transaction_id"),
        status=fields.text(row.get("payment_status"), "payment_status").upper(),
        amount=_bill(row, currency),
        paid=_given(row),
        refunded=_money_or_none(row.get("refund_amount"), currency) or Money(0, currency),
        at=read_time(row.get("transaction_date")),
        approval_code=fields.remark(row.get("apv")),
        bank_reference=fields.remark(row.get("bank_ref")),
        payer=payer_of(row),
        payment_type=fields.remark(row.get("payment_type")),
    )


def read_time(value: object) -> datetime:
    """Return the instant of Phnom Penh's wall clock as PayWay writes it, in UTC."""
    text = fields.text(value, "transaction_date")
    try:
        if _TIME.fullmatch(text):
            return datetime.strptime(text, _FORM).replace(tzinfo=SHOP_ZONE).astimezone(UTC)
    except ValueError:
        pass  # Such as the 31st of February.
    raise GatewayGarbled("transaction_date cannot be read")


def payer_of(row: Row) -> str:
    """Return who paid, for people: bank and the end of the account."""
    parts = (fields.remark(row.get("bank_name")), fields.remark(row.get("payer_account")))
    return " ".join(part for part in parts if part)[: fields.LONGEST_TEXT]


def _bill(data: Row, currency: Currency) -> Money:
    """Older answers have fewer fields; where the first is there, no other counts."""
    name = next((one for one in _BILL if data.get(one) is not None), _BILL[0])
    return fields.money(data.get(name), currency, name=name)


def _given(row: Row) -> Money | None:
    if row.get("payment_currency") in (None, ""):
        return None
    currency = fields.currency(row.get("payment_currency"))
    return _money_or_none(row.get("payment_amount"), currency)


def _money_or_none(value: object, currency: Currency) -> Money | None:
    if value in (None, ""):
        return None
    return fields.money(value, currency, zero_ok=True)
