"""Every error the package raises on purpose, as one tree.

    PosError
     |- Refused             the person can put it right; the text is for the screen
     |   |- BadAmount        the amount typed cannot be charged
     |   |- BadInput         another field of a form cannot be read
     |   |- NoOpenShift      nobody opened this till
     |   |- ShiftClosed      the shift ended, perhaps at another screen
     |   |- QrWaiting        the till still shows a QR that somebody may pay
     |   |- SameAgain        the same amount was charged a moment ago; asked once
     |   |- SaleAlreadyPaid  the money is here; nothing is left to charge
     |   |- TooSoon          asked again before the wait was over
     |   |- WrongPin         the PIN is not this manager's, or it has to wait
     |   |- AlreadyDecided   somebody else was quicker to decide
     |   |- NotFound         no such thing (404)
     |   |- BadToken         a program's token is not in force (401)
     |   |- Taken            a program's reference is used for something else (409)
     |   |- BeingPaid        a payment of this sale is still being settled
     |   |- InFlight         the same request is being answered at this moment (409)
     |   |- TooOften         a program asks more often than it may (429)
     |   `- NotAllowed       it exists, but not for this person (403)
     |- IllegalMove         a change of state that `pos/states/` does not have
     |- GatewayError        the outside world, see each class
     |   |- GatewayRejected     it answered no: nothing happened; final
     |   |- GatewayUnreachable  nothing was sent: safe to try again
     |   |- GatewaySilent       sent, no usable answer: it may have happened
     |   |- GatewayGarbled      an answer that is not in its documentation
     |   `- BadSignature        a call to us that does not prove who makes it
     |- TooMany             a flood of callbacks, more than the books take
     |- BackupFailed        a copy of the books could not be taken, read or put back
     |- LeaseLost           a worker that was paused finds that another has taken over
     |- KhqrError           a QR that cannot be written or read (`pos/khqr/errors.py`)
     `- ConfigError         at start only

`pos/web/errors.py` alone turns them into answers.
"""

from enum import StrEnum


class PosError(Exception):
    """Anything this package raises on purpose."""


class Refused(PosError):
    """Something the person at the screen can put right; the text is shown to them."""

    status = 422

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadAmount(Refused):
    """The amount typed cannot be charged; the text says why."""


class BadInput(Refused):
    """A field of a form cannot be read; the text says which and why."""


class NoOpenShift(Refused):
    """Nobody has opened a shift at this till."""


class ShiftClosed(Refused):
    """The shift ended, perhaps at another screen."""


class QrWaiting(Refused):
    """The till still shows a QR that somebody may be paying."""


class SameAgain(Refused):
    """The same amount was charged at this till a moment ago: a person is asked once."""


class SaleAlreadyPaid(Refused):
    """The money of this sale is here; nothing is left to charge."""


class TooSoon(Refused):
    """The same question was asked again before the wait was over."""

    status = 429


class WrongPin(Refused):
    """The PIN is not this manager's, or too many wrong ones were typed at this till."""


class AlreadyDecided(Refused):
    """Somebody else has decided about this money, or about this sale, in the meantime."""


class NotFound(Refused):
    """There is no such thing, or it is not this person's to see."""

    status = 404


class BadToken(Refused):
    """What a program showed is no token of ours, or is not in force any more."""

    status = 401


class Taken(Refused):
    """A reference or key that a program sent is used for something else."""

    status = 409


class BeingPaid(Refused):
    """Another payment of this sale may still bring its money."""


class InFlight(Refused):
    """The same request, by its key, is being answered at this moment."""

    status = 409


class TooOften(Refused):
    """A program asked more often than it may; `seconds` is how long it should wait."""

    status = 429

    def __init__(self, text: str, seconds: int = 60) -> None:
        super().__init__(text)
        self.seconds = seconds


class NotAllowed(Refused):
    """The person's role does not reach this far."""

    status = 403


class IllegalMove(PosError):
    """A change of state that the table does not have: a lost race or a bug."""

    def __init__(self, old: StrEnum, new: StrEnum, subject: str) -> None:
        super().__init__(f"{subject}: no way from {old} to {new}")
        self.old, self.new, self.subject = old, new, subject


class BackupFailed(PosError):
    """A copy of the books could not be taken, read or put back; the text says why, plainly."""


class LeaseLost(PosError):
    """Another worker has taken over; what this one wanted to write is not written."""


class TooMany(PosError):
    """More callbacks came in a minute than the books take from one sender."""


class GatewayError(PosError):
    """A gateway gave no answer that settles anything; `raw` is redacted."""

    def __init__(self, text: str, *, gateway: str = "", code: str = "", raw: str = "") -> None:
        super().__init__(text)
        self.gateway, self.code, self.raw = gateway, code, raw


class GatewayRejected(GatewayError):
    """It answered no. Nothing happened there, and asking again will not change that."""


class GatewayUnreachable(GatewayError):
    """Nothing was sent; trying again is safe."""


class GatewaySilent(GatewayError):
    """It was sent and no usable answer came: it may have happened. Only a check decides."""


class GatewayGarbled(GatewayError):
    """An answer that is not in the gateway's documentation; treated as silence."""


class BadSignature(GatewayError):
    """A gateway's call to us lacks the signature that only its key makes, or has another."""


class ConfigError(PosError):
    """The settings do not allow a start; the text names the setting."""
