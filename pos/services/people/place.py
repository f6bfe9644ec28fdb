"""Where a login is opened, or tried: the browser, the enrolled till, and who sent it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A browser in words, the enrolled till if it is one, and the address that asks from afar.

    `sender` is "" where it says nothing of who asks: on this machine, and behind a proxy that
    the settings do not count.
    """

    device: str | None = None
    terminal_id: int | None = None
    sender: str = ""


NOWHERE = Place()
