"""Sending one question to Bakong, and the three ways of reading what comes back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pos.errors import (
    GatewayError,
    GatewayGarbled,
    GatewayRejected,
    GatewaySilent,
    GatewayUnreachable,
)
from pos.gateways import http
from pos.gateways.bakong.answers import meaning_of, read_answer
from pos.gateways.bakong.lists import read_list
from pos.gateways.bakong.token import is_sendable
from pos.gateways.base import Account, Answer, Outcome, PaidFacts, Trouble
from pos.gateways.reply import Reply
from pos.gateways.troubles import answer_to

_UNSETTLED = (Trouble.BUSY, Trouble.DOWN, Trouble.QUOTA)


@dataclass(frozen=True, kw_only=True)
class Asker:
    """One account's line to Bakong; each request ends after `seconds`."""

    account: Account
    seconds: float

    def send(self, path: str, body: object, *, with_key: bool = True) -> Reply:
        """Send `body` as JSON, or as it is if it is text; GatewayUnreachable or GatewaySilent."""
        token = self.account.token.strip() if with_key else ""
        if token and not is_sendable(token):
            raise GatewayUnreachable("the key holds characters no key has", code="key")
        content = body if isinstance(body, str) else json.dumps(body)
        url = f"{self.account.base_url.strip().rstrip('/')}/v1/{path}"
        return http.exchange(url, content.encode(), token=token, seconds=self.seconds)

    def ask(
        self, path: str, body: object, is_about: Callable[[PaidFacts], bool] | None = None
    ) -> Answer:
        """Return the answer about one transfer; trouble is an answer."""
        try:
            return read_answer(self.send(path, body), is_about)
        except GatewayError as error:
            return answer_to(error)

    def ask_list(self, path: str, asked: Sequence[str], key: str) -> dict[str, Answer] | Answer:
        """Return an answer for each one asked, or one Answer where the whole list got none."""
        try:
            return read_list(self.send(path, asked), asked, key)
        except GatewayError as error:
            return answer_to(error)

    def ask_data(self, path: str, body: object) -> dict[str, object]:
        """Return the data of a question that needs no key, and is given none; or a GatewayError.

        GatewayRejected for a clear no, GatewaySilent where it may have happened all the same.
        """
        reply = self.send(path, body, with_key=False)
        meaning, envelope = meaning_of(reply)
        if meaning is Outcome.PAID and isinstance(envelope.data, dict):
            return envelope.data
        about = {"gateway": self.account.gateway, "code": envelope.code, "raw": reply.raw}
        if meaning in (Outcome.PAID, Trouble.GARBLED):
            raise GatewayGarbled(f"{path}: an answer that cannot be read", **about)
        if meaning in _UNSETTLED:
            raise GatewaySilent(f"{path}: {meaning}", **about)
        raise GatewayRejected(f"{path}: {meaning}", **about)
