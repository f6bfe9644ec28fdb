"""When a Bakong key ends, read from the key itself.

A key is a JSON web token that NBC signs with a secret of its own, so its signature cannot be
checked here; nothing but its end is taken from it.
"""

import binascii
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from decimal import Decimal

from pos.errors import GatewayGarbled
from pos.gateways import strict_json

_SHAPE = re.compile(r"[\w-]{1,1000}\.([\w-]{1,2000})\.[\w-]{1,1000}", re.ASCII)
_SENDABLE = re.compile(r"[\x21-\x7e]{1,4096}")


def is_sendable(token: str) -> bool:
    """Return whether the key can stand in a header: visible ASCII, without spaces."""
    return _SENDABLE.fullmatch(token) is not None


def token_expires_at(token: str) -> datetime | None:
    """Return the instant the key ends; None where it does not say so readably."""
    match = _SHAPE.fullmatch(token.strip())
    if match is None:
        return None
    try:
        claims = strict_json.read(urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)))
    except (GatewayGarbled, binascii.Error):
        return None
    return _instant(claims.get("exp")) if isinstance(claims, dict) else None


def _instant(seconds: object) -> datetime | None:
    """Seconds since 1970 between 2001 and 2286; a bool is not a number here."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | Decimal):
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if 10**9 <= seconds < 10**10 else None
