"""The six digits that an authenticator app shows, reckoned from a key and the time. Pure.

Source: RFC 6238 (TOTP) on RFC 4226 (HOTP), with SHA-1, six digits and steps of 30 seconds: what
every app reads without being told.
"""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from pos import clock

STEP_SECONDS = 30
DIGITS = 6

SKEW = 1
"""Steps that a phone's clock may be off, either way. Source: RFC 6238, section 5.2."""


def step_of(instant: datetime) -> int:
    """Return how many steps of 30 seconds have passed since 1970."""
    return clock.epoch_ms(instant) // 1000 // STEP_SECONDS


def code_at(key: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a step, with its leading zeros.

    Source: RFC 4226, section 5.3: four bytes of the HMAC, from where its last nibble points.
    """
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(key: bytes, code: str, now: datetime, after: int) -> int | None:
    """Return the step whose code was typed, or None; steps up to `after` are used up."""
    here, found = step_of(now), None
    for step in range(here - SKEW, here + SKEW + 1):
        # Every step is compared, so that the time taken says nothing.
        is_it = hmac.compare_digest(code_at(key, step).encode(), code.encode())
        if is_it and step > after:
            found = step
    return found


def as_text(key: bytes) -> str:
    """Return a key as a person types it into an app: base32 without padding."""
    return base64.b32encode(key).decode().rstrip("=")


def address(key: bytes, issuer: str, account: str) -> str:
    """Return the otpauth address that an app reads from a QR.

    Source: google-authenticator wiki, "Key Uri Format".
    """
    label = quote(f"{issuer}:{account}", safe="")
    asked = urlencode({"secret": as_text(key), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{asked}"
