"""The frame around every API the practice bank speaks: faults before, the log after.

`speak(blueprint)` puts an API's blueprint into this frame. Its views answer as if nothing were
wrong; they find the switches that are on for their call with `taken()`.
"""

from typing import Any, cast

from flask import Blueprint, Response, g, json, redirect, request

from pos import clock
from pos.sandbox.bank import this_bank
from pos.sandbox.calls import Call, without_tokens
from pos.sandbox.delivery import deliver
from pos.sandbox.faults import Taken

_REASONS = {
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


def speak(blueprint: Blueprint) -> None:
    """Let every call of this blueprint meet the faults, and be remembered."""
    blueprint.before_request(_arrive)
    blueprint.after_request(_leave)


def taken() -> Taken:
    """Return the switches that are on for the running call."""
    return cast(Taken, g.taken)


def note(*, token_known: bool | None = None, error_code: int | str | None = None) -> None:
    """Remember for the log what was found out about the running call."""
    g.token_known = g.token_known if token_known is None else token_known
    g.error_code = g.error_code if error_code is None else error_code


def json_body() -> object:
    """Return what the call's body says; None where it is no JSON, or holds half a character."""
    try:
        body: object = json.loads(request.get_data())
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return body


def web_page(status: int) -> Response:
    """Return the bare HTML that a web server in front answers, with this status."""
    title = f"{status} {_REASONS.get(status, 'Error')}"
    text = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    text += f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n"
    return Response(f"{text}</html>\r\n", status, mimetype="text/html")


BIG = 10**40
"""Stands for a number that no JSON writer of ours would write."""


def json_answer(envelope: dict[str, Any], taken: Taken, status: int, *, twice: str) -> Response:
    """Return the envelope as JSON, its text spoilt as the switches say; `twice` is a double key."""
    text = json.dumps(envelope)
    if "big_amount" in taken:
        text = text.replace(str(BIG), "1e400")
    if "duplicate_keys" in taken:
        text = f"{text[:-1]}, {twice}}}"
    body = text.encode(taken.get("charset", "utf-8"), "replace")
    return Response(body, taken.get("status_body", status), mimetype="application/json")


def _arrive() -> Response | None:
    g.arrived_at = clock.now()
    g.token_known = g.error_code = None
    g.body = ""
    g.taken = this_bank().faults.take(request.path)
    g.body = request.get_data().decode("utf-8", "replace")
    return _refusal(g.taken)


def _refusal(faults: Taken) -> Response | None:
    if "geo_403" in faults or ("agent_403" in faults and not request.user_agent.string):
        return web_page(403)
    if "redirect" in faults:
        return cast(Response, redirect(faults["redirect"], 302))
    if "status" in faults:
        page = web_page(faults["status"])
        if "retry_after" in faults:
            page.headers["Retry-After"] = str(faults["retry_after"])
        return page
    if "body" in faults:
        return Response(faults["body"], mimetype="application/json")
    return None


def _leave(response: Response) -> Response:
    call = Call(
        at=g.arrived_at,
        method=request.method,
        path=request.path,
        token_known=g.token_known,
        body=without_tokens(g.body),
        status=response.status_code,
        error_code=g.error_code,
        faults=tuple(g.taken),
    )
    this_bank().calls.add(call)
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    return deliver(response, g.taken, connection)
