"""A QR from PayWay: what is asked for, and the answer read before anybody sees it.

`generate-qr` is the till's call; a shop may have `purchase` instead, by its account's option.
Source: ABA, QR API and e-commerce guides (2026).
"""

from base64 import b64encode
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

from pos import clock
from pos.errors import GatewayGarbled, GatewayRejected, GatewaySilent
from pos.gateways.base import Account, QrIssued, QrRequest, Trouble
from pos.gateways.payway.asking import Asker
from pos.gateways.payway.frame import Heard
from pos.gateways.payway.making_codes import MAKING, UNSURE
from pos.khqr import KhqrError, decode_tlv, is_intact, numeric_code
from pos.money import Currency, Money

TILL_OPTION = "abapay_khqr"
PURCHASE_OPTIONS = ("abapay_khqr_deeplink", "bakong")
"""`bakong` is an older word for the same; ABA's list of values has it no more."""

MAX_SECONDS = 30 * 86_400
_LEAST_MINUTES, _MOST_MINUTES = 3, MAX_SECONDS // 60
_LEAST_RIEL = 100
_TEMPLATE = "template3_color"
"""The picture of the QR, which we do not use, but must name."""

_QR_NAMES = ("qrString", "qr_string")


def issue(request: QrRequest, lookup: str, account: Account, asker: Asker) -> QrIssued:
    """Return the QR that PayWay makes for a number never used before.

    GatewayRejected where it said no; GatewayUnreachable, Silent or Garbled where it may have
    made one that nobody has seen. The same number is never sent twice.
    """
    if request.amount.currency is Currency.KHR and request.amount.minor < _LEAST_RIEL:
        raise GatewayRejected(MAKING["47"].text, gateway=account.gateway, code="47")
    option = account.payment_option or TILL_OPTION
    if option == TILL_OPTION:
        heard = asker.ask("generate-qr", _for_till(request, account))
    elif option in PURCHASE_OPTIONS:
        heard = asker.ask("purchase", _for_purchase(request, account, option), as_form=True)
    else:
        text = "The way of paying that this account names is none of PayWay's."
        raise GatewayRejected(text, gateway=account.gateway)
    qr_string = _read_qr(heard, request.amount, account)
    return QrIssued(
        qr_string=qr_string,
        lookup=lookup,
        receiver=account.account_id,
        deep_link=deep_link(qr_string),
    )


def deep_link(qr_string: str) -> str:
    """Return the link that opens ABA's app with this QR. Source: ABA (2026), `abapay_deeplink`."""
    return f"abamobilebank://ababank.com?type=payway&qrcode={quote(qr_string, safe='')}"


def lifetime_minutes(expires_at: datetime) -> int:
    """Return the whole minutes that are left of a QR's life, within PayWay's bounds.

    Where three are too many, the shop closes the QR itself.
    """
    seconds = (expires_at - clock.now()).total_seconds()
    return min(max(int(-(-seconds // 60)), _LEAST_MINUTES), _MOST_MINUTES)


def _common(request: QrRequest) -> dict[str, str]:
    return {
        "tran_id": request.tran_id,
        "amount": request.amount.plain,
        "currency": str(request.amount.currency),
        "lifetime": str(lifetime_minutes(request.expires_at)),
        "return_params": request.tran_id,
    }


def _for_till(request: QrRequest, account: Account) -> dict[str, str]:
    fields = _common(request)
    fields |= {"payment_option": TILL_OPTION, "qr_image_template": _TEMPLATE}
    return fields | _callback("callback_url", account)


def _for_purchase(request: QrRequest, account: Account, option: str) -> dict[str, str]:
    """Fields without a value are left out: an empty one is refused (code 10)."""
    return _common(request) | {"payment_option": option} | _callback("return_url", account)


def _callback(name: str, account: Account) -> dict[str, str]:
    url = account.callback_url.strip()
    return {name: b64encode(url.encode()).decode("ascii")} if url else {}


def _read_qr(heard: Heard, amount: Money, account: Account) -> str:
    about = {"gateway": account.gateway, "code": heard.frame.code, "raw": heard.raw}
    if heard.said is not None:
        raise _refusal(heard, heard.said.text, about)
    found = [heard.frame.data[name] for name in _QR_NAMES if heard.frame.data.get(name)]
    if len(found) != 1 or not isinstance(found[0], str):
        raise GatewayGarbled("PayWay's answer has no QR in it.", **about)
    if not says(found[0], amount):
        raise GatewayGarbled("PayWay's QR asks for something else than we did.", **about)
    return found[0]


def _refusal(
    heard: Heard, text: str, about: dict[str, str]
) -> GatewayRejected | GatewaySilent | GatewayGarbled:
    if heard.trouble is Trouble.GARBLED:
        return GatewayGarbled(text, **about)
    if heard.frame.code in UNSURE or heard.reply.status >= 500:
        return GatewaySilent(text, **about)
    return GatewayRejected(text, **about)


def says(qr_string: str, amount: Money) -> bool:
    """Return whether a QR is whole and asks for this amount in this currency.

    Riel come as "4000.00". The end of life inside the text is not what PayWay goes by.
    """
    try:
        if not is_intact(qr_string):
            return False
        values = {node.tag: node.value for node in decode_tlv(qr_string)}
        asked = Decimal(values.get("54", ""))
    except (KhqrError, InvalidOperation):
        return False
    return asked == amount.decimal and values.get("53") == numeric_code(amount.currency)
