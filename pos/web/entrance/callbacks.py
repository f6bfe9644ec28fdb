"""What gateways post to us: no login, no cookie, no form; the signature alone opens this door.

Nothing is asked of a gateway while it waits for our answer, and 2xx is said only of what is
committed. JSON in, JSON out.
"""

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from pos.errors import BadSignature, ConfigError, GatewayGarbled, TooMany
from pos.extensions import csrf
from pos.services.banking import callbacks
from pos.web.brake import Brake

bp = Blueprint("callbacks", __name__)
csrf.exempt(bp)

MOST_BYTES = 64 * 1024

A_SECOND, AT_ONCE = 50, 200
"""How many callbacks this process looks at, proven or not: in the long run, and in a burst.

It spares the processor and the disk. How many are kept the books themselves limit.
"""


_brake = Brake(A_SECOND, AT_ONCE)


@bp.post("/api/payway/v2/webhook", endpoint="payway")
def payway() -> ResponseReturnValue:
    """Keep what PayWay tells; it is asked itself, a moment later, whether that is so."""
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        abort(415)
    body = request.get_data()
    if not _brake.lets_pass():
        abort(429)
    callbacks.hear("payway", dict(request.headers), body, sender=request.remote_addr or "")
    return jsonify(success=True, message="Webhook processed successfully")


@bp.errorhandler(BadSignature)
def not_proven(problem: BadSignature) -> ResponseReturnValue:
    """Say that the signature is missing or wrong, and nothing of what would be right."""
    is_missing = str(problem) == callbacks.NOT_SIGNED
    return _no(403, callbacks.UNSIGNED if is_missing else "Invalid webhook signature")


@bp.errorhandler(GatewayGarbled)
def not_read(_problem: GatewayGarbled) -> ResponseReturnValue:
    """Say that the body is not what a callback is."""
    return _no(400, "The body is not one JSON object")


@bp.errorhandler(ConfigError)
def not_set_up(_problem: ConfigError) -> ResponseReturnValue:
    """Say that the shop has no account there."""
    return _no(503, "This shop takes no such callbacks")


@bp.errorhandler(OperationalError)
@bp.errorhandler(TimeoutError)
def not_kept(_problem: OperationalError | TimeoutError) -> ResponseReturnValue:
    """Ask for another try: nothing was stored."""
    return _no(503, "Busy: nothing was stored, send it again")


@bp.errorhandler(TooMany)
def not_now(_problem: TooMany) -> ResponseReturnValue:
    """Turn a flood away; what it tells of is found by asking."""
    return _no(429, "Too many callbacks, send it again later")


@bp.errorhandler(HTTPException)
def not_taken(problem: HTTPException) -> ResponseReturnValue:
    """Answer what the door does not take in its own tongue."""
    return _no(problem.code or 500, problem.name)


def _no(status: int, message: str) -> tuple[Response, int]:
    return jsonify(success=False, message=message), status
