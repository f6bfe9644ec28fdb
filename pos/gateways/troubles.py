"""What an exchange without a reply amounts to, the same for every gateway."""

from pos.errors import GatewayError, GatewayGarbled, GatewayUnreachable
from pos.gateways.base import Answer, Outcome, Trouble
from pos.gateways.reply import redacted

_ERRORS = {"certificate": Trouble.UNPROVEN, "key": Trouble.UNAUTHORISED}


def trouble_of(error: GatewayError) -> Trouble:
    """Return the word for an exchange that failed; a key that cannot be sent is UNAUTHORISED."""
    if isinstance(error, GatewayUnreachable):
        return _ERRORS.get(error.code, Trouble.UNREACHABLE)
    return Trouble.GARBLED if isinstance(error, GatewayGarbled) else Trouble.SILENT


def answer_to(error: GatewayError) -> Answer:
    """Return the answer to a check that an exchange without a reply amounts to."""
    return Answer(outcome=Outcome.UNKNOWN, trouble=trouble_of(error), raw=redacted(str(error)))
