"""KHQR, Cambodia's merchant-presented QR: write it, read it, judge it. Pure, no network.

`encode` writes a Payload; `decode` reads any code into a Decoded; `verify`, `is_payable` and
`is_intact` judge one; `md5_of` gives the key by which Bakong finds its payment. What goes wrong
is a KhqrError that carries the official number (`pos.khqr.errors`).
"""

from pos.khqr.amounts import amount_text, currency_of, numeric_code
from pos.khqr.decode import Decoded, decode
from pos.khqr.encode import encode, md5_of
from pos.khqr.errors import KhqrError, by_code
from pos.khqr.payload import AccountKind, Payload
from pos.khqr.tlv import Node, decode_tlv, units
from pos.khqr.verify import is_intact, is_payable, verify

__all__ = [
    "AccountKind",
    "Decoded",
    "KhqrError",
    "Node",
    "Payload",
    "amount_text",
    "by_code",
    "currency_of",
    "decode",
    "decode_tlv",
    "encode",
    "is_intact",
    "is_payable",
    "md5_of",
    "numeric_code",
    "units",
    "verify",
]
