"""The tokens a caller must show: JSON web tokens as the Bakong Open API issues them.

Source: sample tokens of 2025: HS256, `{"data":{"id"},"iat","exp"}`, 90 days, 172 characters.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pos import clock
from pos.sandbox.store import Store

LIFETIME = timedelta(days=90)
_HEADER = '{"alg":"HS256","typ":"JWT"}'


@dataclass(frozen=True, slots=True)
class Token:
    """A token just issued; its text never shows in a repr."""

    text: str = field(repr=False)
    expires_at: datetime


class Tokens:
    """Registered e-mail addresses and the tokens issued to them.

    The signing key lies in the store, so a token outlives a restart of the bank. Renewing
    leaves older tokens alive: nothing says that the real one ends them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.writing() as db:
            key = secrets.token_bytes(32)
            db.execute("INSERT OR IGNORE INTO signing_key VALUES (1, ?)", (key,))
            self._key: bytes = db.execute("SELECT key FROM signing_key").fetchone()["key"]

    def register(self, emails: Iterable[str]) -> None:
        """Let these addresses have tokens; compared without regard to case."""
        with self._store.writing() as db:
            rows = [(email.lower(),) for email in emails]
            db.executemany("INSERT OR IGNORE INTO email VALUES (?)", rows)

    def is_registered(self, email: str) -> bool:
        """Tell whether this address may have a token."""
        with self._store.reading() as db:
            query = "SELECT 1 FROM email WHERE address = ?"
            return db.execute(query, (email.lower(),)).fetchone() is not None

    def issue(self, email: str, lifetime: timedelta = LIFETIME) -> Token:
        """Return a new token; a lifetime below zero gives one that has ended already."""
        token_id = secrets.token_hex(8)
        issued_at = int(clock.now().timestamp())
        expires_at = issued_at + int(lifetime.total_seconds())
        claims = {"data": {"id": token_id}, "iat": issued_at, "exp": expires_at}
        with self._store.writing() as db:
            db.execute("INSERT INTO token (id, email) VALUES (?, ?)", (token_id, email.lower()))
        text = self._sign(json.dumps(claims, separators=(",", ":")))
        return Token(text, datetime.fromtimestamp(expires_at, UTC))

    def id_of(self, text: str) -> str | None:
        """Return the id in a token that is ours, alive and not ended; None for anything else."""
        claims = self._claims(text)
        if claims is None or claims["exp"] <= clock.now().timestamp():
            return None
        token_id: str = claims["data"]["id"]
        with self._store.reading() as db:
            query = "SELECT 1 FROM token WHERE id = ? AND is_ended = 0"
            return token_id if db.execute(query, (token_id,)).fetchone() else None

    def end_all(self) -> int:
        """End every token now; return how many were alive. Renewing still works."""
        with self._store.writing() as db:
            return db.execute("UPDATE token SET is_ended = 1 WHERE is_ended = 0").rowcount

    def _sign(self, claims: str) -> str:
        signed = f"{_encode(_HEADER.encode())}.{_encode(claims.encode())}"
        return f"{signed}.{_encode(self._mac(signed))}"

    def _mac(self, signed: str) -> bytes:
        return hmac.digest(self._key, signed.encode(), hashlib.sha256)

    def _claims(self, text: str) -> dict[str, Any] | None:
        signed, _, signature = text.rpartition(".")
        # The signature covers the header, so only what this bank wrote itself gets further.
        if not text.isascii() or not hmac.compare_digest(
            signature.encode(), _encode(self._mac(signed)).encode()
        ):
            return None
        claims: dict[str, Any] = json.loads(_decode(signed.partition(".")[2]))
        return claims


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
