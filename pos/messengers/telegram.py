"""Telegram's Bot API: one call, sendMessage, with plain text.

The bot's token stands in the address, so that no address is ever logged or shown.
Source: core.telegram.org/bots/api, "Making requests" and "sendMessage".
"""

import json
from dataclasses import dataclass, field

from pos.errors import GatewayError, GatewayGarbled, GatewayUnreachable
from pos.gateways.http import exchange
from pos.gateways.reply import Reply
from pos.messengers.base import Delivery, Letter, Trouble

MOST_TEXT = 3_500
"""Characters of a message; Telegram takes 4096 of them, some of which count twice."""

SECONDS = 10.0
LONGEST_WAIT = 3_600

SHOWN_PATH = "/bot.../sendMessage"


@dataclass(frozen=True)
class TelegramBot:
    """A bot that writes to chats which have begun to talk to it; an empty token is none."""

    base_url: str
    token: str = field(default="", repr=False)
    seconds: float = SECONDS

    def send(self, letter: Letter) -> Delivery:
        """Send one message and return what became of it."""
        if not self.token:
            return Delivery(Trouble.NOT_SET_UP)
        # No parse_mode: whatever somebody named a till is text, and a link shows no preview.
        body = {
            "chat_id": letter.address,
            "text": f"{letter.title}\n\n{letter.body}"[:MOST_TEXT],
            "link_preview_options": {"is_disabled": True},
        }
        try:
            reply = exchange(
                f"{self.base_url}/bot{self.token}/sendMessage",
                json.dumps(body).encode(),
                seconds=self.seconds,
                shown_path=SHOWN_PATH,
            )
        except GatewayUnreachable as error:
            return Delivery(Trouble.NO_TLS if error.code == "certificate" else Trouble.UNREACHABLE)
        except GatewayError:
            return Delivery(Trouble.SILENT)
        return _delivery(reply)


_REFUSALS = {
    400: Trouble.REFUSED_ADDRESS,
    401: Trouble.REFUSED_KEY,
    403: Trouble.REFUSED_ADDRESS,
    404: Trouble.REFUSED_KEY,
    413: Trouble.REFUSED,
    429: Trouble.BUSY,
}
"""400 is an unknown chat, 403 one that has blocked the bot; a wrong token is 401 or 404."""


def _delivery(reply: Reply) -> Delivery:
    try:
        document = reply.document()
        said = document if isinstance(document, dict) else {}
    except GatewayGarbled:
        said = {}
    if reply.status == 200 and said.get("ok") is True:
        return Delivery()
    if reply.status in _REFUSALS:
        return Delivery(_REFUSALS[reply.status], _wait(reply, said))
    return Delivery(Trouble.BUSY if reply.status >= 500 else Trouble.SILENT)


def _wait(reply: Reply, said: dict[str, object]) -> int:
    told = said.get("parameters")
    seconds = told.get("retry_after") if isinstance(told, dict) else None
    is_number = isinstance(seconds, int) and not isinstance(seconds, bool)
    wished = seconds if is_number and isinstance(seconds, int) else reply.retry_after_seconds
    return min(max(wished or 0, 0), LONGEST_WAIT)
