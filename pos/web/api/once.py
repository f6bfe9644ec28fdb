"""What all addresses of the API share: a key that makes a request be done once, and ETags."""

import hashlib
import re

from flask import Blueprint, Response, g, request

from pos.errors import InFlight
from pos.extensions import csrf
from pos.services.api import idempotency
from pos.services.api.idempotency import Claim
from pos.web.api import bearer
from pos.web.api.bodies import MOST_BYTES
from pos.web.api.problems import AGREED, Invalid, told

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}")

_KEPT = (422,)
"""Refusals that are answers, too; after any other the same key may be sent again."""


def guard(bp: Blueprint) -> None:
    """Let a blueprint's addresses take tokens instead of forms, keys, and answer ETags."""
    csrf.exempt(bp)
    bp.before_request(_begin)
    bp.after_request(_end)


def _begin() -> Response | None:
    request.max_content_length = MOST_BYTES
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None or not bearer.is_known():
        return None
    if _KEY.fullmatch(key) is None:
        raise Invalid({HEADER: "A key has 1 to 255 signs, without spaces."})
    try:
        claim = idempotency.claim(bearer.caller().id, key, _digest())
    except InFlight as problem:
        return told(problem.status, problem.text, retry_after=1)
    if claim.status is not None:
        return _again(claim)
    g.api_claim = claim
    return None


def _digest() -> str:
    told_of = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    return hashlib.sha256(told_of).hexdigest()


def _again(claim: Claim) -> Response:
    is_problem = (claim.status or 0) >= 400 and not request.path.startswith(AGREED)
    kind = "application/problem+json" if is_problem else "application/json"
    answer = Response(claim.body, status=claim.status, mimetype=kind)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _end(answer: Response) -> Response:
    claim: Claim | None = g.pop("api_claim", None)
    if claim is not None:
        if answer.status_code < 400 or answer.status_code in _KEPT:
            idempotency.finish(claim.row_id, answer.status_code, answer.get_data(as_text=True))
        else:
            idempotency.let_go(claim.row_id)
    if request.method == "GET" and answer.status_code == 200:
        answer.add_etag()
        answer.make_conditional(request)
    return answer
