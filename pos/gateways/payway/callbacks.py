"""What PayWay posts to us: whose signature is it, and which payment does it hint at?

A callback proves little and settles nothing: its signed text has no separators, so that one
character can move to the next field, and a signed body can be sent again at any time. It only
says which of our payments to ask about.
Source: ABA, e-commerce guide (2026), `X-PAYWAY-HMAC-SHA512`; `X-PayWay-Signature` over the raw
body stands in one integrator's guide only and is off unless an account takes it.
"""

import hmac
import re
from collections.abc import Mapping

from pos.errors import BadSignature, GatewayGarbled
from pos.gateways import strict_json
from pos.gateways.callbacks import Hint
from pos.gateways.payway import php, redaction
from pos.gateways.payway.signing import sign

MOST_BYTES = 64 * 1024

SORTED_VALUES = "X-PAYWAY-HMAC-SHA512"
RAW_BODY = "X-PayWay-Signature"

_NAMES = ("tran_id", "return_params", "merchant_ref")
"""Where our number may stand; one guide calls `tran_id` the bank's own."""
_NAME = re.compile(r"[A-Za-z0-9-]{1,20}")


_PAID = ("0", "00", "success", "approved")
"""Source: ABA's samples have "0", its prose "00"; the raw style "success"; KHQR's "APPROVED"."""


def is_signed(headers: Mapping[str, str]) -> bool:
    """Return whether a signature of either style is there, right or wrong."""
    given = {name.lower() for name in headers}
    return not given.isdisjoint({SORTED_VALUES.lower(), RAW_BODY.lower()})


def kept_body(body: bytes, key: str) -> str:
    """Return the body as it may be kept; it was read as JSON before."""
    return redaction.without_secrets(body.decode("utf-8", "replace"), key)


def read_hint(body: bytes) -> Hint:
    """Return what an unproven body hints at, to find the account whose key must prove it.

    GatewayGarbled for a body that is no JSON object, longer than 64 KiB, or says a thing twice.
    """
    return _hint_of(_document(body))


def verify(
    headers: Mapping[str, str], body: bytes, key: str, *, takes_raw_style: bool = False
) -> Hint:
    """Return what a signed callback hints at.

    The style is chosen by the header, never by trying; with both headers both must be right.
    BadSignature where none is there, the style is not taken, or one is wrong. GatewayGarbled as
    in `read_hint`.
    """
    if not key:
        raise BadSignature("no key is stored to check a signature with")
    given = {name.lower(): value for name, value in headers.items()}
    sorted_style, raw_style = given.get(SORTED_VALUES.lower()), given.get(RAW_BODY.lower())
    if sorted_style is None and raw_style is None:
        raise BadSignature("no signature")
    if raw_style is not None:
        if not takes_raw_style:
            raise BadSignature("a signature in a style that is not taken")
        _refuse_other(sign(key, body), raw_style)
    document = _document(body)
    if sorted_style is not None:
        _refuse_other(sign(key, signed_text(document)), sorted_style)
    return _hint_of(document)


def signed_text(document: Mapping[str, object]) -> bytes:
    """Return the values in the bytewise order of their keys, as PHP writes them.

    GatewayGarbled for text that cannot be UTF-8.
    """
    try:
        ordered = sorted(document, key=str.encode)
        return "".join(php.text_of(document[name]) for name in ordered).encode()
    except UnicodeEncodeError as error:
        raise GatewayGarbled("half of a letter") from error


def _refuse_other(wanted: str, given: str) -> None:
    if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        raise BadSignature("the signature is wrong")


def _document(body: bytes) -> dict[str, object]:
    if len(body) > MOST_BYTES:
        raise GatewayGarbled("longer than 64 KiB")
    document = strict_json.read(body)
    if not isinstance(document, dict):
        raise GatewayGarbled("not an object")
    return document


def _hint_of(document: Mapping[str, object]) -> Hint:
    said = [_text(document.get(name)) for name in _NAMES]
    names = dict.fromkeys(name for name in said if _NAME.fullmatch(name))
    status = _text(document.get("status", document.get("payment_status")))
    is_paid = status.strip().lower() in _PAID
    return Hint(names=tuple(names), status=status[:32], tells_of_money=is_paid)


def _text(value: object) -> str:
    """Numbers are taken for their digits: some guides show `tran_id` as one."""
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if is_plain else ""
