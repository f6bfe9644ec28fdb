"""The signed texts that a program shows: JWTs of one algorithm, by a key of their own.

The key is made from `POS_SECRET_KEY` for this purpose alone: another secret ends every token.
Times are read from the shop's clock. What a token may do is not in it: the books say that.
Source: RFC 7519 (claims), RFC 8725 (one algorithm, every claim checked), RFC 5869 (the key).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pos import clock
from pos.errors import BadToken
from pos.extensions import settings

ALGORITHM = "HS256"
ISSUER, AUDIENCE = "khqr-pos", "khqr-pos-api"
_PURPOSE = b"khqr-pos api tokens, first key"
_CLAIMS = ["iss", "aud", "exp", "nbf", "iat", "jti", "typ", "sub"]
_LONGEST = 2_000

NOT_OURS = "The token is not valid."


class Kind(StrEnum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True)
class Claims:
    """Whose token it is, and its own id."""

    token_id: int
    jti: str


def write(kind: Kind, token_id: int, life: timedelta) -> tuple[str, Claims]:
    """Return a token of a family that is good from now on for so long, and its claims."""
    now, claims = clock.now(), Claims(token_id, secrets.token_urlsafe(18))
    told = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(token_id),
        "jti": claims.jti,
        "iat": _seconds(now),
        "nbf": _seconds(now),
        "exp": _seconds(now + life),
        "typ": str(kind),
    }
    return jwt.encode(told, signing_key(), algorithm=ALGORITHM), claims


def read(text: str, kind: Kind) -> Claims:
    """Return what a token of this kind says; BadToken, in the same words, for any other text."""
    try:
        told = jwt.decode(
            text if len(text) <= _LONGEST else "",
            signing_key(),
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            # The three times are held against the shop's own clock below.
            options={
                "require": _CLAIMS,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        return _checked(told, kind)
    except (jwt.PyJWTError, ValueError):
        raise BadToken(NOT_OURS) from None


def _checked(told: dict[str, Any], kind: Kind) -> Claims:
    now, times = _seconds(clock.now()), (told["nbf"], told["exp"])
    if not all(type(one) is int for one in times) or not told["nbf"] <= now < told["exp"]:
        raise ValueError("not in force")
    if told["typ"] != kind or not isinstance(told["jti"], str):
        raise ValueError("of another kind")
    return Claims(int(told["sub"]), told["jti"])


def _seconds(instant: datetime) -> int:
    return clock.epoch_ms(instant) // 1_000


def signing_key() -> bytes:
    """Return the key of all tokens: 512 bits, of the shop's secret and this purpose."""
    secret = settings().secret_key.get_secret_value().encode()
    return HKDF(algorithm=SHA256(), length=64, salt=None, info=_PURPOSE).derive(secret)
