"""The merchants of PayWay and their keys."""

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from pos.errors import BadInput
from pos.sandbox.store import Store

KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A merchant with its API key and the PEM of the bank's private RSA key for it.

    `callback_url` is told of payments that name no address of their own.
    """

    merchant_id: str
    api_key: str = field(repr=False)
    private_key: str = field(repr=False)
    name: str = "Practice shop"
    city: str = "Phnom Penh"
    callback_url: str | None = None

    @property
    def public_key(self) -> str:
        """The PEM of the RSA key under which this merchant seals its refunds."""
        return (
            self._key()
            .public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def unseal(self, sealed: bytes) -> bytes:
        """Return what was sealed block by block; ValueError for what cannot be.

        A block of another key may also come out as noise: OpenSSL tells nobody which.
        """
        key = self._key()
        size = key.key_size // 8
        if not sealed or len(sealed) % size:
            raise ValueError("not whole blocks")
        blocks = (sealed[at : at + size] for at in range(0, len(sealed), size))
        return b"".join(key.decrypt(block, PKCS1v15()) for block in blocks)

    def _key(self) -> RSAPrivateKey:
        key = serialization.load_pem_private_key(self.private_key.encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("not an RSA key")
        return key


def new_merchant(
    merchant_id: str,
    *,
    api_key: str | None = None,
    private_key: str | None = None,
    name: str = "Practice shop",
    city: str = "Phnom Penh",
    callback_url: str | None = None,
) -> Merchant:
    """Return a merchant, with new keys for those that are not given; BadInput for a bad key."""
    merchant = Merchant(
        merchant_id=merchant_id,
        api_key=api_key or secrets.token_hex(20),
        private_key=private_key or _new_key(),
        name=name,
        city=city,
        callback_url=callback_url,
    )
    try:
        merchant.public_key  # noqa: B018 (read, so that a bad key is refused now)
    except (ValueError, TypeError) as error:
        raise BadInput("private_key takes the PEM of an RSA key.") from error
    return merchant


def _new_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


class Merchants:
    """The merchants that may call, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, merchants: Iterable[Merchant]) -> None:
        """Make the merchants known; one that is known already gets its new keys."""
        with self._store.writing() as db:
            for merchant in merchants:
                row = asdict(merchant)
                marks = ", ".join(f":{name}" for name in row)
                query = f"INSERT OR REPLACE INTO payway_merchant ({', '.join(row)})"
                db.execute(f"{query} VALUES ({marks})", row)

    def by_id(self, merchant_id: str) -> Merchant | None:
        """Return the merchant with this id."""
        with self._store.reading() as db:
            query = "SELECT * FROM payway_merchant WHERE merchant_id = ?"
            row: sqlite3.Row | None = db.execute(query, (merchant_id,)).fetchone()
        return None if row is None else Merchant(**{name: row[name] for name in row.keys()})
