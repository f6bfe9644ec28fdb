"""The frame around PayWay's answers: a code, a message, and the data, wherever they stand.

Codes come as text and as numbers, in one and the same call. The `status` object stands at the
top or inside `data`; the retired check has a bare number there instead.
Source: ABA's guides (2026) for the one, answers of its test host for the other.
"""

import re
from dataclasses import dataclass, field

from pos.errors import GatewayGarbled
from pos.gateways import fields
from pos.gateways.payway.codes import said_of
from pos.gateways.payway.redaction import kept_text
from pos.gateways.payway.said import BUSY, KEY_TEXT, Said, down
from pos.gateways.reply import Reply
from pos.gateways.words import Outcome, Trouble

_CODE = re.compile(r"[A-Za-z0-9]{1,16}")
_GOOD = ("0", "00")
_BELIEVED = (200, 403, 404)
"""HTTP statuses beside which a "no" about the payment is taken for one."""

_STATES = ("0", "2", "3", "4", "7")
"""Numbers of the retired check that tell of a payment, not of a refused question."""

_BY_STATUS = {
    400: Said(Trouble.OTHER, "PayWay could not read our question."),
    401: Said(Trouble.UNAUTHORISED, KEY_TEXT),
    403: Said(Trouble.FORBIDDEN, "PayWay does not talk to this server's address. Ask ABA."),
    429: BUSY,
}
_NONSENSE = Said(Trouble.GARBLED, "PayWay's answer cannot be read.")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What an answer says about itself; `data` is where the rest of it stands."""

    code: str = ""
    message: str = ""
    tran_id: str = ""
    data: dict[str, object] = field(default_factory=dict)
    rows: list[object] = field(default_factory=list)
    is_old: bool = False


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A whole reply, understood: `said` is None where PayWay did what it was asked for."""

    call: str
    said: Said | None
    frame: Frame
    reply: Reply

    @property
    def raw(self) -> str:
        """The body as it may be kept."""
        return kept_text(self.reply)

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing was answered, if so."""
        means = self.said.means if self.said else None
        return means if isinstance(means, Trouble) else None


def hear(call: str, reply: Reply) -> Heard:
    """Return what a reply says; the body is read whatever the HTTP status. Never raises."""
    try:
        frame = open_frame(reply)
    except GatewayGarbled:
        said = _NONSENSE if reply.status == 200 else _by_status(reply.status)
        return Heard(call=call, said=said, frame=Frame(), reply=reply)
    return Heard(call=call, said=_said(call, reply.status, frame), frame=frame, reply=reply)


def open_frame(reply: Reply) -> Frame:
    """Return the frame of the body; GatewayGarbled where there is none, or two that differ."""
    document = reply.document()
    if not isinstance(document, dict):
        raise GatewayGarbled("not an object")
    inner = document.get("data")
    data = inner if isinstance(inner, dict) else document
    rows = inner if isinstance(inner, list) else []
    stands = [one.get("status") for one in (document, data)]
    found = [one for one in stands if isinstance(one, dict)]
    if not found:
        return _old_frame(document)
    if len({_code(one.get("code")) for one in found}) > 1:
        raise GatewayGarbled("two codes that differ")
    status = found[0]
    return Frame(
        code=_code(status.get("code")),
        message=fields.remark(status.get("message")),
        tran_id=fields.remark(status.get("tran_id")),
        data=data,
        rows=rows,
    )


def _old_frame(document: dict[str, object]) -> Frame:
    return Frame(
        code=_code(document.get("status")),
        message=fields.remark(document.get("description")),
        tran_id=fields.remark(document.get("tran_id")),
        data=document,
        is_old=True,
    )


def _code(value: object) -> str:
    """True is a number to Python and no code; `refund` has codes of letters."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise GatewayGarbled("a code that is no code")
    if not _CODE.fullmatch(str(value)):
        raise GatewayGarbled("a code that is no code")
    return str(value)


def _said(call: str, status: int, frame: Frame) -> Said | None:
    is_good = frame.code in _GOOD or (frame.is_old and frame.code in _STATES)
    if is_good:
        return None if status == 200 else _by_status(status)
    if status >= 500 or status == 429:
        return _by_status(status)
    said = said_of(call, frame.code, frame.message)
    is_no = isinstance(said.means, Outcome)
    return _by_status(status) if is_no and status not in _BELIEVED else said


def _by_status(status: int) -> Said:
    """Return what a status means whose body says nothing, or says yes beside it."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 500 <= status < 600:
        return down()
    return Said(Trouble.OTHER, _NONSENSE.text) if 400 <= status < 500 else _NONSENSE
