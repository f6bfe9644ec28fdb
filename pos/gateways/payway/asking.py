"""Sending one signed call to PayWay, and hearing what comes back."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pos import clock
from pos.errors import GatewayUnreachable
from pos.gateways import http
from pos.gateways.base import Account
from pos.gateways.payway.frame import Heard, hear
from pos.gateways.payway.signing import PATHS, signed
from pos.gateways.reply import MAX_BODY_BYTES

MOST_BYTES = 1024 * 1024
"""Of an answer with a picture of the QR (half a megabyte was seen), or of a page of a list."""

_LONG_ANSWERS = frozenset({"generate-qr", "purchase", "transaction-list-2"})


def request_time() -> str:
    """Return this instant as `req_time`: fourteen digits, UTC. Source: ABA (2026)."""
    return f"{clock.now():%Y%m%d%H%M%S}"


@dataclass(frozen=True, kw_only=True)
class Asker:
    """One account's line to PayWay; each call ends after `seconds`."""

    account: Account
    seconds: float

    def ask(self, call: str, fields: Mapping[str, str], *, as_form: bool = False) -> Heard:
        """Sign the fields with our names and send them; GatewayUnreachable or GatewaySilent.

        JSON, in which every value is text, so that what is hashed is what is sent.
        """
        key = self.account.token.strip()
        if not key:
            raise GatewayUnreachable("no key is stored", code="key")
        time_name = "request_time" if call == "refund" else "req_time"
        named = {time_name: request_time(), "merchant_id": self.account.account_id, **fields}
        content_type, body = (_form if as_form else _json)(signed(call, named, key))
        reply = http.exchange(
            f"{self.account.base_url.strip().rstrip('/')}/{PATHS[call]}",
            body,
            content_type=content_type,
            seconds=self.seconds,
            most_bytes=MOST_BYTES if call in _LONG_ANSWERS else MAX_BODY_BYTES,
        )
        return hear(call, replace(reply, sent_token=key))


def _json(fields: Mapping[str, str]) -> tuple[str, bytes]:
    return "application/json", json.dumps(fields).encode()


def _form(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """Return multipart/form-data, as the guide of `purchase` wants it."""
    border = f"pos-{secrets.token_hex(16)}"
    head = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    parts = [f"--{border}\r\n{head.format(name, value)}" for name, value in fields.items()]
    body = "".join(parts) + f"--{border}--\r\n"
    return f"multipart/form-data; boundary={border}", body.encode()
