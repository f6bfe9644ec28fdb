"""What may be kept of an answer: no key, hash, signature, token or cookie, whole or in part."""

import re

from pos.gateways.reply import Reply, redacted

_SECRETS = (
    r"(?:x-payway-)?(?:hmac(?:-sha512)?|signature)|hash|api_?key|public_?key|private_?key|key"
    r"|merchant_auth|token|[a-z_]*_token|ctid|pwt|set-cookie|cookie|authorization|password"
)
_NAMED = re.compile(rf'("(?:{_SECRETS})"\s*:\s*")(?:[^"\\]|\\.)*', re.IGNORECASE)
_NAMED_NUMBER = re.compile(rf'("(?:{_SECRETS})"\s*:\s*)[0-9][0-9.eE+-]*', re.IGNORECASE)
_PICTURE = re.compile(r"data:image/[\w.+-]{1,20};base64,[A-Za-z0-9+/=\\]*")
_LONG = re.compile(r"[A-Za-z0-9+/\\_-]{80,}={1,2}|\b[0-9a-fA-F]{128}\b")
"""What an HMAC-SHA512, in base64 or hexadecimal, or an RSA ciphertext looks like."""


def kept_text(reply: Reply) -> str:
    """Return the body of a reply as it may be kept with a question, 4,000 characters at most.

    Of a body that is no JSON, such as a checkout page with its hidden fields, only the size.
    """
    text = reply.body.decode("utf-8", "replace").strip()
    if not text:
        return ""
    if text[0] not in "{[":
        return f"[no JSON, {len(reply.body)} bytes]"
    return without_secrets(text, reply.sent_token)


def without_secrets(text: str, key: str) -> str:
    """Return JSON text without key, hashes, signatures and pictures, 4,000 characters at most."""
    if key:
        text = text.replace(key, "[key]")
    text = _NAMED_NUMBER.sub(r"\1[key]", _NAMED.sub(r"\1[key]", text))
    return redacted(_LONG.sub("[key]", _PICTURE.sub("[picture]", text)))
