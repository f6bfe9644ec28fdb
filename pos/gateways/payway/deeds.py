"""Closing, refunding and listing at PayWay: the calls that no payment waits for.

Source: ABA, close-transaction, refund, transaction-list-2 and exchange-rate guides (2026).
"""

from datetime import datetime

from pos.clock import shop_time
from pos.errors import BadInput, GatewayError, GatewayGarbled
from pos.gateways import fields
from pos.gateways.base import Account, Outcome
from pos.gateways.deeds import CloseResult, Rate, RefundResult
from pos.gateways.payway import merchant_auth, refund_codes
from pos.gateways.payway.asking import Asker
from pos.gateways.payway.frame import Heard
from pos.gateways.reply import redacted
from pos.gateways.troubles import trouble_of
from pos.gateways.words import Done, Trouble
from pos.money import Money

_NOTHING_SENT = (Trouble.UNREACHABLE, Trouble.UNPROVEN, Trouble.UNAUTHORISED)


def close(asker: Asker, tran_id: str) -> CloseResult:
    """Close a payment. One that PayWay does not know is as good as closed."""
    try:
        heard = asker.ask("close-transaction", {"tran_id": tran_id})
    except GatewayError as error:
        return CloseResult(done=Done.UNKNOWN, trouble=trouble_of(error), raw=redacted(str(error)))
    means = heard.said.means if heard.said else Outcome.NOT_FOUND
    done = Done.DONE if means is Outcome.NOT_FOUND else Done.REFUSED
    return CloseResult(
        done=done if heard.trouble is None else Done.UNKNOWN,
        is_paid=means is Outcome.PAID,
        trouble=heard.trouble,
        code=heard.frame.code,
        says=heard.said.text if heard.said else "",
        raw=heard.raw,
    )


def refund(asker: Asker, account: Account, tran_id: str, amount: Money) -> RefundResult:
    """Give back an amount, once; what cannot even be asked is REFUSED."""
    if amount.minor <= 0:
        return RefundResult(done=Done.REFUSED, says="Nothing is not given back.")
    try:
        key = merchant_auth.read_refund_key(account.refund_key)
    except BadInput as error:
        return RefundResult(done=Done.REFUSED, trouble=Trouble.UNAUTHORISED, says=error.text)
    text = merchant_auth.refund_text(account.account_id, tran_id, amount)
    try:
        heard = asker.ask("refund", {"merchant_auth": merchant_auth.encrypt(text, key)})
    except GatewayError as error:
        trouble = trouble_of(error)
        done = Done.REFUSED if trouble in _NOTHING_SENT else Done.UNKNOWN
        return RefundResult(done=done, trouble=trouble, raw=redacted(str(error)))
    return _refunded(heard, amount)


def _refunded(heard: Heard, amount: Money) -> RefundResult:
    if heard.said is not None:
        is_unsure = (
            heard.trouble is Trouble.GARBLED
            or heard.frame.code in refund_codes.UNSURE
            or heard.reply.status >= 500
        )
        done = Done.UNKNOWN if is_unsure else Done.REFUSED
        return _result(heard, done, None, heard.trouble, heard.said.text)
    try:
        currency = fields.currency(heard.frame.data.get("currency"))
        if currency is not amount.currency:
            raise GatewayGarbled("refunded in another currency")
        total = fields.money(heard.frame.data.get("total_refunded"), currency)
        if total.minor < amount.minor:
            raise GatewayGarbled("refunded less than asked for")
    except GatewayGarbled:
        says = "PayWay's answer cannot be read. Look at what was refunded."
        return _result(heard, Done.UNKNOWN, None, Trouble.GARBLED, says)
    return _result(heard, Done.DONE, total, None, "")


def _result(
    heard: Heard, done: Done, total: Money | None, trouble: Trouble | None, says: str
) -> RefundResult:
    code, raw = heard.frame.code, heard.raw
    return RefundResult(done=done, total=total, trouble=trouble, code=code, says=says, raw=raw)


def local_text(instant: datetime) -> str:
    """Return an instant as a list's bounds are written: Phnom Penh's wall clock."""
    return f"{shop_time(instant):%Y-%m-%d %H:%M:%S}"


def read_rates(heard: Heard) -> dict[str, Rate]:
    """Return the rates by currency; GatewayGarbled where one cannot be read.

    There is none for the dollar: they cannot price a sale.
    """
    found = heard.frame.data.get("exchange_rates")
    if not isinstance(found, dict):
        raise GatewayGarbled("no rates")
    return {name.upper(): _rate(pair, name) for name, pair in found.items()}


def _rate(pair: object, name: str) -> Rate:
    if not isinstance(pair, dict):
        raise GatewayGarbled(f"{name} is no rate")
    return Rate(
        sell=fields.number(pair.get("sell"), name), buy=fields.number(pair.get("buy"), name)
    )
