"""A shop's usual code, and ways to spoil it."""

from dataclasses import replace
from typing import Any

from pos.khqr import AccountKind, Payload, encode
from pos.khqr.tlv import field, seal
from tests.khqr.strategies import NOW, NOW_MS

COFFEE = Payload(
    kind=AccountKind.INDIVIDUAL,
    account_id="sok_dara@aclb",
    merchant_name="Angkor Coffee",
    currency="840",
    amount="4.5",
    bill_number="INV-0042",
    terminal_label="POS-1",
    expires_at_ms=NOW_MS + 300_000,
)
BARE = {
    "00": "01",
    "01": "11",
    "29": "0013sok_dara@aclb",
    "52": "5999",
    "53": "116",
    "58": "KH",
    "59": "Angkor Coffee",
    "60": "Phnom Penh",
}
"""The tags of a static code as small as it may be."""


def coffee(**changes: Any) -> str:
    """Return the usual code with some of its payload changed."""
    return encode(replace(COFFEE, **changes), now=NOW)


def sealed(**tags: str | None) -> str:
    """Return the bare code with tags (t59="x") added or changed, None taken out, and a good CRC."""
    fields = {**BARE, **{name[1:]: value for name, value in tags.items()}}
    return seal("".join(field(tag, value) for tag, value in fields.items()))
