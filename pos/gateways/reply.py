"""One reply of a gateway: its status, and a body that is read strictly or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from pos import clock
from pos.errors import GatewayGarbled
from pos.gateways import strict_json

MAX_BODY_BYTES = 64 * 1024

_RAW_CHARACTERS = 4_000
_LONGEST_RETRY_AFTER = 86_400
_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]*\.?[\w-]*")
_NAMED_TOKEN = re.compile(r'("token"\s*:\s*")[^"]*')


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a gateway sent back, whatever its status; the body may hold secrets."""

    status: int
    body: bytes = field(default=b"", repr=False)
    fault: str = ""
    """Why the body may not be read as an answer, such as "longer than 64 KiB"."""
    retry_after_seconds: int | None = None
    sent_token: str = field(default="", repr=False)
    date: datetime | None = None
    """What time it was where it came from, by its own clock."""

    @classmethod
    def of(
        cls,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        sent_token: str,
        most_bytes: int = MAX_BODY_BYTES,
    ) -> Self:
        """Return the reply made of what an HTTP client heard."""
        too_long = f"longer than {most_bytes // 1024} KiB" if len(body) > most_bytes else ""
        return cls(
            status=status,
            body=body[:most_bytes],
            fault=too_long or _packing(headers),
            retry_after_seconds=_retry_after(headers.get("Retry-After")),
            sent_token=sent_token,
            date=_date(headers.get("Date")),
        )

    def document(self) -> strict_json.Document:
        """Return the body as strict JSON, or raise GatewayGarbled."""
        if self.fault:
            raise GatewayGarbled(self.fault)
        return strict_json.read(self.body)

    @property
    def raw(self) -> str:
        """The body as it may be kept: without keys, printable, its first 4,000 characters."""
        text = self.body.decode("utf-8", "replace")
        if self.sent_token:
            text = text.replace(self.sent_token, "[key]")
        return redacted(text)


def redacted(text: str) -> str:
    """Return the text without tokens and unprintable characters, 4,000 characters at most."""
    text = _NAMED_TOKEN.sub(r"\1[key]", _WEB_TOKEN.sub("[key]", text))
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)[
        :_RAW_CHARACTERS
    ]


def _date(text: str | None) -> datetime | None:
    """An HTTP date is in GMT, whatever zone it names. Source: RFC 9110, 5.6.7."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC) if text else None
    except (TypeError, ValueError, OverflowError):
        return None


def _packing(headers: Mapping[str, str]) -> str:
    """We asked for plain bytes; unpacking what came packed is how a small body fills memory."""
    packing = headers.get("Content-Encoding", "").strip().lower()
    return "" if packing in ("", "identity") else "packed, though plain bytes were asked for"


def _retry_after(text: str | None) -> int | None:
    """Seconds, or the date of RFC 9110; never negative, never beyond a day."""
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", text):
        seconds = int(text)
    else:
        try:
            seconds = round((parsedate_to_datetime(text) - clock.now()).total_seconds())
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(seconds, 0), _LONGEST_RETRY_AFTER)
