"""What a check of PayWay means: the table of its words, and the reading by it.

The word decides, not its number, which is 0 for a hold as well. Only APPROVED is money, and a
REFUNDED that was money once; what is in no table means "could not ask".
Source: ABA, check-transaction-2 (2026).
"""

from dataclasses import dataclass

from pos.errors import GatewayGarbled
from pos.gateways import fields
from pos.gateways.base import Answer, Outcome, Trouble
from pos.gateways.payway.facts import Row, read_paid
from pos.gateways.payway.frame import Frame, Heard
from pos.money import Currency

WORDS: dict[str, Outcome] = {
    "APPROVED": Outcome.PAID,
    "REFUNDED": Outcome.PAID,  # fully or partly; how much is in refund_amount
    "PRE-AUTH": Outcome.NOT_FOUND,  # a hold, which a till never asks for
    "PENDING": Outcome.NOT_FOUND,  # also after a refused try, and on the test host after a close
    "CANCELLED": Outcome.NOT_FOUND,  # closed by us, or at the bank's portal
    "DECLINED": Outcome.FAILED,
    "DECLINDED": Outcome.FAILED,  # so spelled by the gateway
}
"""By `payment_status`; any other word is OTHER."""

_PAID_NUMBERS = {"APPROVED": "0", "REFUNDED": "4"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which payment is asked about, as whom, and in what currency its bill is."""

    tran_id: str
    currency: Currency
    merchant_id: str


def read_answer(heard: Heard, question: Question) -> Answer:
    """Return the answer about one payment; facts about another one are garbled. Never raises."""
    if heard.said is not None:
        return _answer(heard, heard.said.means, heard.frame.code, heard.said.text)
    try:
        return _read_state(heard, question)
    except GatewayGarbled:
        return _answer(heard, Trouble.GARBLED, "", "PayWay's answer cannot be read.")


def _read_state(heard: Heard, question: Question) -> Answer:
    frame = heard.frame
    if frame.tran_id not in ("", question.tran_id):
        raise GatewayGarbled("an answer about another payment")
    word, number = _word(frame)
    means = WORDS.get(word)
    if means is None:
        return _answer(heard, Trouble.OTHER, word[:16], "PayWay used a word that is in no guide.")
    if means is not Outcome.PAID:
        _refuse_signs_of_money(word, number, frame.data)
        return _answer(heard, means, word, "")
    if number not in ("", _PAID_NUMBERS[word]):
        raise GatewayGarbled("a word and a number that differ")
    return _paid(heard, question, word)


def _word(frame: Frame) -> tuple[str, str]:
    """Return the state as word and number; the retired check says them as its status."""
    if frame.is_old:
        return frame.message.upper(), frame.code
    number = frame.data.get("payment_status_code")
    word = fields.text(frame.data.get("payment_status"), "payment_status").upper()
    return word, fields.remark(number)


def _refuse_signs_of_money(word: str, number: str, data: Row) -> None:
    """A "no" that says yes somewhere is none."""
    if number == "0" and word != "PRE-AUTH":
        raise GatewayGarbled("a word and a number that differ")
    given = data.get("payment_amount")
    if word == "PENDING" and given not in (None, "") and fields.number(given, "payment_amount"):
        raise GatewayGarbled("a payment that is waiting and has an amount")


def _paid(heard: Heard, question: Question, word: str) -> Answer:
    facts = read_paid(heard.frame.data, question.tran_id, question.currency, question.merchant_id)
    if word == "REFUNDED" and facts.refunded is None:
        raise GatewayGarbled("refunded, and no amount of it")
    status, raw = heard.reply.status, heard.raw
    return Answer(outcome=Outcome.PAID, facts=facts, http_status=status, raw=raw)


def _answer(heard: Heard, means: Outcome | Trouble, code: str, says: str) -> Answer:
    trouble = means if isinstance(means, Trouble) else None
    return Answer(
        outcome=means if isinstance(means, Outcome) else Outcome.UNKNOWN,
        trouble=trouble,
        code=code,
        http_status=heard.reply.status,
        raw=heard.raw,
        says=says,
        retry_after_seconds=_pause(heard, trouble),
    )


def _pause(heard: Heard, trouble: Trouble | None) -> int | None:
    """A minute, where PayWay has had enough and does not say for how long.

    Source: ABA, code 429 (2026): try again in a minute.
    """
    if trouble is Trouble.BUSY and heard.reply.retry_after_seconds is None:
        return 60
    return heard.reply.retry_after_seconds if trouble else None
