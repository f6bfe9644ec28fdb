"""A receipt printer that speaks ESC/POS, on the network or on USB.

Needs the package python-escpos, which a shop without such a printer need not install.
"""

import ipaddress
import logging
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pos.errors import BadInput, PosError
from pos.paper import raster
from pos.paper.document import Document
from pos.words import _

log = logging.getLogger(__name__)

SECONDS = 5
"""Longest wait for a printer on the network."""

STRIP = 256
"""Rows of dots sent at once: printers have small memories."""

_TCP = re.compile(r"tcp://([0-9.]+)(?::([0-9]{1,5}))?")
_USB = re.compile(r"usb://([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


class PrinterTrouble(PosError):
    """The printer did not take it: off, out of paper, not there, or its package not installed.

    `has_begun` tells whether paper may have come out all the same.
    """

    def __init__(self, text: str, *, has_begun: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.has_begun = has_begun


@dataclass(frozen=True)
class Network:
    """A printer with an address of its own."""

    host: str
    port: int


@dataclass(frozen=True)
class Usb:
    """A printer on this machine, by vendor and product."""

    vendor: int
    product: int


def read_address(text: str) -> Network | Usb:
    """Return the printer that "tcp://192.168.1.50:9100" or "usb://04b8:0202" names.

    BadInput for anything else, and for an address outside the shop's own network.
    """
    if match := _USB.fullmatch(text):
        return Usb(int(match[1], 16), int(match[2], 16))
    match = _TCP.fullmatch(text)
    if match is None:
        raise BadInput(_("A printer is named as tcp://192.168.1.50:9100 or usb://04b8:0202."))
    port = int(match[2] or 9100)
    with suppress(ValueError):
        address = ipaddress.ip_address(match[1])
        is_ours = address.is_private and not (address.is_unspecified or address.is_link_local)
        if is_ours and 0 < port <= 65_535:
            return Network(match[1], port)
    raise BadInput(_("A printer must have an address of the shop's own network."))


def dots_of(document: Document) -> bytes:
    """Return what a printer is sent to print a document and to cut the paper."""
    device = _paperless()
    # The package must be told how wide a roll is; it asks its table of printers otherwise.
    device.profile.profile_data["media"]["width"]["pixels"] = raster.DOTS
    for image in raster.draw(document):
        for top in range(0, image.height, STRIP):
            strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
            device.image(strip, impl="bitImageRaster", center=False)
    device.cut()
    return bytes(device.output)


def pulse() -> bytes:
    """Return what a printer is sent to open the cash drawer that hangs on it, by its first pin."""
    device = _paperless()
    device.cashdraw(2)
    return bytes(device.output)


def send(address: str, body: bytes) -> None:
    """Send bytes to the printer at an address; PrinterTrouble where it does not take them all."""
    where = read_address(address)
    (_send_network if isinstance(where, Network) else _send_usb)(where, body)


def _send_network(where: Any, body: bytes) -> None:
    # By our own socket: the package leaves its own open where a printer is off.
    try:
        line = socket.create_connection((where.host, where.port), SECONDS)
    except OSError as problem:
        raise _unreached(problem) from problem
    with line:
        try:
            # With a small buffer of our own, what was sent has all but reached the printer.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            line.sendall(body)
            line.shutdown(socket.SHUT_WR)
        except OSError as problem:
            raise _stopped(problem) from problem


def _unreached(problem: Exception) -> PrinterTrouble:
    log.warning("a receipt printer cannot be reached: %s", problem)
    return PrinterTrouble(_("The printer cannot be reached: %(why)s", why=_why(problem)))


def _stopped(problem: Exception) -> PrinterTrouble:
    log.warning("a receipt printer stopped: %s", problem)
    why = _("The printer stopped: %(why)s", why=_why(problem))
    return PrinterTrouble(why, has_begun=True)


def _why(problem: Exception) -> str:
    """Tell a cashier what to look at; the log has the machine's own words."""
    if isinstance(problem, TimeoutError):
        return _("it does not answer. Is it switched on?")
    if isinstance(problem, ConnectionRefusedError):
        return _("it takes no print at this address.")
    return _("there is no way to it. Look at its cable or its network.")


def _send_usb(where: Any, body: bytes) -> None:
    device = _escpos().Usb(where.vendor, where.product)
    try:
        device.open()
    except Exception as problem:
        raise _unreached(problem) from problem
    try:
        device._raw(body)
    except Exception as problem:
        raise _stopped(problem) from problem
    finally:
        device.close()


def _paperless() -> Any:
    """Return the package's printer that only remembers what it is sent."""
    return _escpos().Dummy()


def _escpos() -> Any:
    try:
        from escpos import printer
    except ImportError:
        raise PrinterTrouble(_("python-escpos is not installed on the server.")) from None
    return printer
