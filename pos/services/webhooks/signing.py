"""The secrets of webhooks, and the header that proves who sent a body and when. Pure."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

HEADER = "X-Pos-Signature"
VERSION = "v1"

_PREFIX = "whsec_"


def new_secret() -> str:
    """Return a secret of 256 bits that nobody can guess."""
    return _PREFIX + secrets.token_urlsafe(32)


def header(keys: Sequence[str], at: int, body: bytes) -> str:
    """Return the header's text for a body sent at so many seconds since 1970.

    There is one signature for each secret: HMAC-SHA256 in hex over the time, a dot and the body.
    """
    signed = f"{at}.".encode() + body
    told = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
    return ",".join([f"t={at}", *(f"{VERSION}={one}" for one in told)])
