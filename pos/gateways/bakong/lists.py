"""Answers to a list of questions: one item each, under the key it repeats.

Source: NBC, Bakong Open API v1.0.5 (1 Jan 2023), fifty items at most; three servers put the
transfer in three places, so all three are read.
"""

import json
from collections.abc import Sequence
from typing import Any

from pos.gateways.bakong.answers import Meaning, meaning_of, paid_answer, plain_answer
from pos.gateways.base import Answer, Outcome, Trouble
from pos.gateways.reply import Reply, redacted

LIST_STATUSES: dict[str, Meaning] = {
    "SUCCESS": Outcome.PAID,
    "NOT_FOUND": Outcome.NOT_FOUND,
    "FAILED": Outcome.FAILED,
    "STATIC_QR": Trouble.OTHER,
}
"""By `status` of one item; any other word is GARBLED."""

MOST_ITEMS = 50

Item = dict[str, Any]


def read_list(reply: Reply, asked: Sequence[str], key: str) -> dict[str, Answer] | Answer:
    """Return an answer for each one asked, matched by its echoed `key`, never by its place.

    A single Answer where the whole question went wrong.
    """
    meaning, envelope = meaning_of(reply)
    if isinstance(meaning, Trouble):
        return plain_answer(reply, meaning, envelope.code, reply.raw)
    if meaning is not Outcome.PAID:
        # "Not found" said of a list as a whole is in no paper: it settles nothing.
        return plain_answer(reply, Trouble.OTHER, envelope.code, reply.raw)
    items = _by_echo(envelope.data, key)
    return {one: _read_items(reply, items.get(one.lower(), []), key) for one in asked}


def _by_echo(data: object, key: str) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in data if isinstance(data, list) else []:
        if isinstance(item, dict) and isinstance(echo := item.get(key), str):
            found.setdefault(echo.lower(), []).append(item)
    return found


def _read_items(reply: Reply, items: list[Item], key: str) -> Answer:
    """None, or two under one name: what was asked has not been answered."""
    if len(items) != 1:
        return plain_answer(reply, Trouble.GARBLED, "", f"{len(items)} items for one question")
    item = items[0]
    raw = redacted(json.dumps(item, default=str, ensure_ascii=False))
    word = str(item.get("status"))
    meaning = LIST_STATUSES.get(word, Trouble.GARBLED)
    transfer = item.get("data") or item.get("transaction")
    if meaning is Outcome.PAID:
        answer = paid_answer(reply, transfer or item, raw)
        other = answer.facts and key == "hash" and answer.facts.reference != item[key].lower()
        return plain_answer(reply, Trouble.GARBLED, "", raw) if other else answer
    if isinstance(meaning, Outcome) and transfer:
        return plain_answer(reply, Trouble.GARBLED, "", raw)
    return plain_answer(reply, meaning, word if meaning is Trouble.OTHER else "", raw)
