"""How a message leaves the shop: by mail, by Telegram. One call, no tables, no redirects.

The servers' addresses and keys are the operator's settings; nobody at a screen can name a
server. `send` answers what became of the message and never raises for the outside world.
"""

from pos.messengers.base import Delivery, Letter, Paper, Trouble, Way
from pos.messengers.mail import MailServer
from pos.messengers.telegram import TelegramBot

__all__ = ["Delivery", "Letter", "MailServer", "Paper", "TelegramBot", "Trouble", "Way"]
