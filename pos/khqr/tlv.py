"""The frame of a KHQR: tag, length, value, checksum. What the fields mean lies elsewhere.

A length counts UTF-16 code units, as in JavaScript and Java: one for a Khmer sign, two for an
emoji. The checksum is reckoned over UTF-8 bytes.
Source: NBC npm `bakong-khqr` 1.0.20; a static code of ACLEDA with Khmer text confirms both.
"""

import re
from binascii import crc_hqx
from collections.abc import Iterable
from dataclasses import dataclass
from struct import unpack

from pos.khqr.errors import ControlCharacter, NotTlv, TemplateTooLong, TooLarge, TruncatedTlv

MOST_BYTES = 8192
"""A QR symbol holds 2953 bytes at the very most; what is larger was never scanned."""

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ASTRAL = "\U00010000"


def units(text: str) -> int:
    """Return the length as KHQR counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def refuse_unshowable(text: str) -> None:
    """Raise ControlCharacter for text with a control character or half of an emoji."""
    if not text.isprintable() and _UNSHOWABLE.search(text):
        raise ControlCharacter


def field(tag: str, value: str | None) -> str:
    """Return the value behind its tag and length; nothing at all for None."""
    if value is None:
        return ""
    length = units(value)
    if length > 99:
        raise TemplateTooLong(f"tag {tag} has {length}")
    return f"{tag}{length:02d}{value}"


def template(tag: str, subfields: Iterable[tuple[str, str | None]]) -> str:
    """Return a field made of fields, in the order given; nothing if all of them are None."""
    return field(tag, "".join([field(sub, value) for sub, value in subfields]) or None)


def crc16(text: str) -> str:
    """Return CRC-16/CCITT-FALSE of the UTF-8 bytes as four upper-case hexadecimal digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def seal(body: str) -> str:
    """Return the body closed with tag 63, whose checksum covers its own `6304` as well."""
    body += "6304"
    return body + crc16(body)


def walk(text: str) -> list[tuple[str, str]]:
    """Return the tags and values of one level, in the order written.

    Each step moves on by four characters or more, so it ends whatever the text is.
    TooLarge, ControlCharacter, NotTlv or TruncatedTlv for text that is no TLV.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise TooLarge
    refuse_unshowable(text)
    if text.isascii() or max(text) < _ASTRAL:
        return _walk(text)
    return [(tag, _joined(value)) for tag, value in _walk(_one_per_unit(text))]


def _walk(text: str) -> list[tuple[str, str]]:
    pairs, at, end = [], 0, len(text)
    while at < end:
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise NotTlv(f"at character {at}")
        start, at = at + 4, at + 4 + int(head[2:])
        if at > end:
            raise TruncatedTlv(f"tag {head[:2]}")
        pairs.append((head[:2], text[start:at]))
    return pairs


def _one_per_unit(text: str) -> str:
    raw = text.encode("utf-16-le")
    return "".join(map(chr, unpack(f"<{len(raw) // 2}H", raw)))


def _joined(halves: str) -> str:
    # Always whole: where a length cuts a pair in two, its second half is no next tag.
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Node:
    """One data object of any EMVCo code; `children` where its value is TLV again."""

    tag: str
    value: str
    children: tuple["Node", ...] = ()


def decode_tlv(text: str) -> tuple[Node, ...]:
    """Return the tree of any EMVCo merchant code, KHQR or not: at most three levels.

    Only the outermost level must be TLV; a template of free text simply has no children.
    Source: EMVCo merchant-presented mode: templates are 26-51, 62, 64 and 80-99; below 62, 50-99.
    """
    return tuple(Node(tag, value, _children(tag, value)) for tag, value in walk(text))


def _children(tag: str, value: str) -> tuple[Node, ...]:
    if not ("26" <= tag <= "51" or tag in ("62", "64") or tag >= "80"):
        return ()
    return tuple(
        Node(sub, inner, tuple(Node(*leaf) for leaf in _walk_or_nothing(inner)))
        if tag == "62" and sub >= "50"
        else Node(sub, inner)
        for sub, inner in _walk_or_nothing(value)
    )


def _walk_or_nothing(value: str) -> list[tuple[str, str]]:
    try:
        return walk(value)
    except (NotTlv, TruncatedTlv):
        return []
