"""Links that lead a payer to the receipt of a sale: made, shown at a till, followed, ended.

A link is a secret of 160 bits. Only its hash lies in the database; it is reckoned anew, from a
seed and a key of the environment, whenever a screen is to show it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.models import ReceiptLink, Sale, Till
from pos.states import SaleStatus
from pos.words import _

_BYTES = 20
_PURPOSE = b"pos receipt link "
"""Keeps this use of the key apart from every other."""


@dataclass(frozen=True)
class Link:
    """A link in force: the secret in its address, and when it ends."""

    token: str
    ends_at: datetime

    def __repr__(self) -> str:
        return f"<Link until {self.ends_at:%Y-%m-%d}>"


def are_given() -> bool:
    """Return whether phones can reach this shop at all, so that a link leads somewhere."""
    return bool(settings().public_url)


def find(sale_id: int) -> Link | None:
    """Return the newest link of a sale that is in force, or None; writes nothing."""
    query = (
        select(ReceiptLink)
        .where(ReceiptLink.sale_id == sale_id, ReceiptLink.ends_at > clock.now())
        .order_by(ReceiptLink.id.desc())
    )
    for row in db.session.scalars(query):
        token = _token_of(row.seed)
        # A key that has changed since makes another secret: that link cannot be shown again.
        if hash_of(token) == row.token_hash:
            return Link(token, row.ends_at)
    return None


def give(sale_id: int) -> Link:
    """Return a link to the receipt of a paid sale, a new one where none is in force.

    Refused while the sale is not paid, and where the shop has no public address. Links that
    have ended are forgotten.
    """
    if not are_given():
        raise Refused(_("This shop has no public address yet, so no phone finds a receipt."))
    return find(sale_id) or _make(sale_id)


def _make(sale_id: int) -> Link:
    now, seed = clock.now(), secrets.token_hex(16)
    link = Link(_token_of(seed), now + timedelta(days=settings().receipt_days))
    with writing(db.session):
        if db.session.get_one(Sale, sale_id).status is not SaleStatus.PAID:
            raise Refused(_("Only a paid sale has a receipt."))
        db.session.execute(delete(ReceiptLink).where(ReceiptLink.ends_at <= now))
        db.session.add(
            ReceiptLink(
                sale_id=sale_id,
                seed=seed,
                token_hash=hash_of(link.token),
                made_at=now,
                ends_at=link.ends_at,
            )
        )
    return link


def show(sale_id: int, till_id: int) -> None:
    """Put the QR of a sale's receipt on the displays of a till, for some seconds from now."""
    asked = {"receipt_sale_id": sale_id, "receipt_asked_at": clock.now()}
    with writing(db.session):
        db.session.execute(
            update(Till)
            .where(Till.id == till_id)
            .values(screen_version=Till.screen_version + 1, **asked)
        )


def follow(token: str) -> Sale | None:
    """Return the sale whose receipt this link leads to; None for a wrong one and an ended one."""
    query = (
        select(Sale)
        .join(ReceiptLink, ReceiptLink.sale_id == Sale.id)
        .where(ReceiptLink.token_hash == hash_of(token), ReceiptLink.ends_at > clock.now())
    )
    return db.session.scalar(query)


def hash_of(token: str) -> str:
    """Return what is stored of a link's secret."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _token_of(seed: str) -> str:
    key = settings().secret_key.get_secret_value().encode()
    secret = hmac.digest(key, _PURPOSE + seed.encode(), "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")
