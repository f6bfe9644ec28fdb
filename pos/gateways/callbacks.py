"""What a gateway's module must tell of the callbacks it posts to us; pure, no tables, no Flask.

A callback settles nothing. It hints at a payment of ours, and the gateway is asked about that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Which payment a callback is about. What it says of the money is nobody's proof.

    `names` are the numbers it may mean, the likeliest first; `status` is kept for people, and
    `tells_of_money` is whether that word means paid.
    """

    names: tuple[str, ...]
    status: str
    tells_of_money: bool = False

    @property
    def tran_id(self) -> str:
        """The likeliest number of ours, "" where there is none."""
        return self.names[0] if self.names else ""


class CallbackReader(Protocol):
    """The callbacks of one gateway; its module is one."""

    def is_signed(self, headers: Mapping[str, str]) -> bool:
        """Return whether a signature is there at all, right or wrong."""
        ...

    def read_hint(self, body: bytes) -> Hint:
        """Return what an unproven body hints at; GatewayGarbled where it cannot be read."""
        ...

    def verify(
        self, headers: Mapping[str, str], body: bytes, key: str, *, takes_raw_style: bool = False
    ) -> Hint:
        """Return what a proven body hints at; BadSignature, or GatewayGarbled as above."""
        ...

    def kept_body(self, body: bytes, key: str) -> str:
        """Return the body as it may be kept: without keys, hashes and signatures."""
        ...
