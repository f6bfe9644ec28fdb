"""Reading the answer to a question for a deep link, which is asked without a key.

Source: NBC, Bakong Open API v1.0.5, generate_deeplink_by_qr.
"""

import re

from pos.gateways.bakong.answers import meaning_of, plain_answer
from pos.gateways.base import Answer, Outcome, Trouble
from pos.gateways.reply import Reply

_LINK = re.compile(r"https?://[!-~]{1,500}")

_OF_THE_LINE = (Trouble.DOWN, Trouble.BUSY, Trouble.QUOTA)
"""Trouble that a question about a payment would meet, too."""


def read_link(reply: Reply) -> tuple[str, Answer]:
    """Return the link, "" where there is none, and what the answer says of the gateway.

    That is OTHER unless its line is in trouble: without a key the bank tells nothing of ours, so
    no link proves that payments can be asked about, and no refusal that they cannot.
    """
    meaning, envelope = meaning_of(reply)
    if isinstance(meaning, Trouble) and meaning in _OF_THE_LINE:
        return "", plain_answer(reply, meaning, envelope.code, reply.raw)
    told = envelope.data if meaning is Outcome.PAID and isinstance(envelope.data, dict) else {}
    link = told.get("shortLink")
    found = link if isinstance(link, str) and _LINK.fullmatch(link) else ""
    return found, plain_answer(reply, Trouble.OTHER, envelope.code, reply.raw)
