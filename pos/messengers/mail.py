"""Mail over SMTP: always over TLS, unless the server is this very machine."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum

from pos import clock
from pos.gateways.sockets import is_loopback
from pos.messengers.base import Delivery, Letter, Trouble, one_line

STEP_SECONDS = 10.0
"""Longest wait for one answer of the server."""

WHOLE_SECONDS = 30.0
"""Longest a mail takes as a whole, whatever the server trickles."""

MOST_TITLE = 150


class Tls(StrEnum):
    """How the connection to the mail server is made secret."""

    STARTTLS = "starttls"
    """Plain at first, as on port 587; without an offer of TLS nothing is sent."""
    TLS = "tls"
    """From the first byte on, as on port 465."""
    NONE = "none"
    """Not at all: only to this very machine."""


class _NoTls(Exception):
    """The server offers no secret connection."""


@dataclass(frozen=True)
class MailServer:
    """A mail server that takes our letters; an empty `host` is none."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    step_seconds: float = STEP_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def send(self, letter: Letter) -> Delivery:
        """Send one mail and return what became of it."""
        if not self.host or not self.sender:
            return Delivery(Trouble.NOT_SET_UP)
        try:
            with self._connected() as server:
                server.send_message(_mail(letter, self.sender))
        except _NoTls:
            return Delivery(Trouble.NO_TLS)
        except (OSError, smtplib.SMTPException) as error:
            return Delivery(_trouble(error))
        return Delivery()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        if self.tls is Tls.NONE and not is_loopback(self.host):
            raise _NoTls
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(timeout=self.step_seconds, context=context)
            if self.tls is Tls.TLS
            else smtplib.SMTP(timeout=self.step_seconds)
        )
        end = threading.Timer(self.whole_seconds, _hang_up, [server])
        end.start()
        try:
            # A name of our own in the greeting would tell of this machine.
            server.local_hostname = "localhost"
            _greet(server, self, context)
            yield server
            _leave(server)
        finally:
            end.cancel()
            server.close()


def _greet(server: smtplib.SMTP, told: MailServer, context: ssl.SSLContext) -> None:
    # Python checks a certificate against the name it was made with, and made it with none.
    server._host = told.host  # type: ignore[attr-defined]
    code, _said = server.connect(told.host, told.port)
    if code != 220:
        raise smtplib.SMTPServerDisconnected
    if told.tls is Tls.STARTTLS:
        try:
            server.starttls(context=context)
        except smtplib.SMTPNotSupportedError:
            raise _NoTls from None
    if told.user:
        server.login(told.user, told.password)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; the letter is taken by now, whatever is answered."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _hang_up(server: smtplib.SMTP) -> None:
    wire = server.sock
    if wire is not None:
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _mail(letter: Letter, sender: str) -> EmailMessage:
    """Return the mail; an address is one address, and a title one line."""
    mail = EmailMessage()
    mail["From"] = Address("KHQR POS", addr_spec=sender)
    mail["To"] = Address(addr_spec=letter.address)
    mail["Subject"] = one_line(letter.title, MOST_TITLE)
    mail["Date"] = formatdate(clock.now().timestamp())
    mail["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    # Source: RFC 3834, so that no absence note answers it.
    mail["Auto-Submitted"] = "auto-generated"
    # Fit for a server that takes seven bits only.
    mail.set_content(letter.body, cte="base64")
    if letter.paper is not None:
        name = one_line(letter.paper.name, MOST_TITLE)
        mail.add_attachment(letter.paper.body, "application", "pdf", filename=name)
    return mail


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError):
        return Trouble.REFUSED_KEY
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
        return Trouble.REFUSED_ADDRESS if _are_final(*codes) else Trouble.BUSY
    if isinstance(error, smtplib.SMTPConnectError):
        return Trouble.UNREACHABLE
    if isinstance(error, smtplib.SMTPResponseException):
        return Trouble.REFUSED if _are_final(error.smtp_code) else Trouble.BUSY
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble.NO_TLS
    if isinstance(error, ConnectionRefusedError | socket.gaierror):
        return Trouble.UNREACHABLE
    return Trouble.SILENT


def _are_final(*codes: int) -> bool:
    """Source: RFC 5321, section 4.2.1: 5yz is a lasting refusal, 4yz a passing one."""
    return all(500 <= code < 600 for code in codes)
