"""What Bakong's answers mean: the tables of statuses and codes, and the reading by them.

Only a clean "no" with code 1 means "not paid"; what is not in the tables means "could not ask".
Source: NBC, Bakong Open API v1.0.2 to v1.0.5; code 17, the daily quota, is in no paper of NBC
but in several shops' code of 2026.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pos.errors import GatewayGarbled
from pos.gateways.bakong.facts import read_facts
from pos.gateways.base import Answer, Outcome, PaidFacts, Trouble
from pos.gateways.reply import Reply

Meaning = Outcome | Trouble

STATUSES: dict[int, Trouble] = {
    400: Trouble.OTHER,
    401: Trouble.UNAUTHORISED,
    403: Trouble.FORBIDDEN,  # the caller is outside Cambodia, or the endpoint is shut; HTML
    429: Trouble.BUSY,
}
"""Other 4xx are OTHER, 5xx DOWN; a status that is no answer at all, such as 302, is GARBLED."""

CODES: dict[int, Meaning] = {
    1: Outcome.NOT_FOUND,
    2: Trouble.OTHER,  # a static QR cannot be asked about
    3: Outcome.FAILED,  # that transfer; the payer may try the same QR again
    4: Trouble.OTHER,  # the deep link's provider
    5: Trouble.OTHER,  # a required field is missing: our bug
    6: Trouble.UNAUTHORISED,
    7: Trouble.OTHER,  # the mail server, on asking for a key
    8: Trouble.OTHER,  # registered already
    9: Trouble.DOWN,
    10: Trouble.OTHER,  # not registered
    11: Trouble.OTHER,  # no such account
    12: Trouble.OTHER,  # no account could have this name
    17: Trouble.QUOTA,
}
"""By `errorCode`; one that is missing here is OTHER."""

ALSO_HEARD: dict[int, frozenset[int]] = {404: frozenset({1}), 429: frozenset({17})}
"""Codes that are believed beside an error status: some servers send not-found as 404."""

_DIGITS = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The frame around every answer: `responseCode` 0 or 1, `errorCode`, and the data."""

    response: int | None = None
    error: int | None = None
    data: object = None

    @property
    def is_success(self) -> bool:
        """Whether it says yes, and nothing in it says no."""
        return self.response == 0 and not self.error

    @property
    def is_plain_no(self) -> bool:
        """Whether it says no, and nothing in it says yes."""
        return self.response == 1 and not self.data

    @property
    def code(self) -> str:
        """The error code as it is kept, "" for none."""
        return str(self.error or "")


def open_envelope(reply: Reply) -> Envelope:
    """Return the frame of the body; GatewayGarbled for what is none or contradicts itself."""
    document = reply.document()
    if not isinstance(document, dict):
        raise GatewayGarbled("not an object")
    envelope = Envelope(
        response=_code(document.get("responseCode")),
        error=_code(document.get("errorCode")),
        data=document.get("data"),
    )
    if envelope.response == 0 and envelope.error:
        raise GatewayGarbled("success and an error at once")
    if envelope.response not in (0, 1) and envelope.error is None:
        raise GatewayGarbled("neither success nor an error")
    return envelope


def meaning_of(reply: Reply) -> tuple[Meaning, Envelope]:
    """Return what a whole reply means, and its frame, empty where it has none. Never raises.

    PAID stands for any success: what it was a success of is in the data.
    """
    blamed = None if reply.status == 200 else _by_status(reply.status)
    try:
        envelope = open_envelope(reply)
    except GatewayGarbled:
        return blamed or Trouble.GARBLED, Envelope()
    if envelope.is_success:
        return blamed or Outcome.PAID, envelope
    error = envelope.error or 0
    if blamed and error not in ALSO_HEARD.get(reply.status, ()):
        return blamed, envelope
    meaning = CODES.get(error, Trouble.OTHER)
    if isinstance(meaning, Outcome) and not envelope.is_plain_no:
        return Trouble.GARBLED, envelope
    return meaning, envelope


def read_answer(reply: Reply, is_about: Callable[[PaidFacts], bool] | None = None) -> Answer:
    """Return the answer about one transfer; facts about another one are garbled."""
    meaning, envelope = meaning_of(reply)
    if meaning is Outcome.PAID:
        return paid_answer(reply, envelope.data, reply.raw, is_about)
    return plain_answer(reply, meaning, envelope.code, reply.raw)


def paid_answer(
    reply: Reply, data: object, raw: str, is_about: Callable[[PaidFacts], bool] | None = None
) -> Answer:
    """Return PAID with the facts in `data`; UNKNOWN where they cannot be read or do not fit."""
    try:
        facts = read_facts(data)
    except GatewayGarbled:
        return plain_answer(reply, Trouble.GARBLED, "", raw)
    if is_about is not None and not is_about(facts):
        return plain_answer(reply, Trouble.GARBLED, "", raw)
    return Answer(outcome=Outcome.PAID, facts=facts, http_status=reply.status, raw=raw)


def plain_answer(reply: Reply, meaning: Meaning, code: str, raw: str) -> Answer:
    """Return an answer without money: not found, failed, or the trouble there was."""
    trouble = meaning if isinstance(meaning, Trouble) else None
    return Answer(
        outcome=meaning if isinstance(meaning, Outcome) else Outcome.UNKNOWN,
        trouble=trouble,
        code=code,
        http_status=reply.status,
        raw=raw,
        retry_after_seconds=reply.retry_after_seconds if trouble else None,
    )


def _by_status(status: int) -> Trouble:
    if status in STATUSES:
        return STATUSES[status]
    if 500 <= status < 600:
        return Trouble.DOWN
    return Trouble.OTHER if 400 <= status < 500 else Trouble.GARBLED


def _code(value: object) -> int | None:
    """A code is a small whole number or its text; True is neither, though Python takes it as 1."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise GatewayGarbled("a code that is no code")
    if isinstance(value, int) and abs(value) >= 10**9:
        raise GatewayGarbled("a code out of all bounds")
    if _DIGITS.fullmatch(str(value)) is None:
        raise GatewayGarbled("a code that is no code")
    return int(value)
