"""How a message leaves the shop: by mail, by Telegram, by webhook. One call, no tables.

No redirects are followed. The servers of mail and Telegram are the operator's settings; a
webhook's address is typed at a screen and trusted with nothing. A call answers what became of
the message and never raises for the outside world.
"""

from pos.messengers.base import Delivery, Letter, Paper, Trouble, Way
from pos.messengers.mail import MailServer
from pos.messengers.telegram import TelegramBot

__all__ = ["Delivery", "Letter", "MailServer", "Paper", "TelegramBot", "Trouble", "Way"]
