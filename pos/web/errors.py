"""Errors turned into answers; trouble with the database is told by `trouble.py`.

A known situation of the shop is never a 5xx: a 5xx is our own fault.
"""

import logging

from flask import Flask, Response, current_app, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from pos import logs
from pos.errors import NotAllowed, NotFound, Refused, TooOften
from pos.services.auditing import audit
from pos.web.api import problems
from pos.web.api.problems import Invalid
from pos.web.languages import said
from pos.words import _

log = logging.getLogger(__name__)

_TEXTS = {
    400: (_("Not understood"), _("The request could not be read.")),
    403: (_("Not allowed"), _("This is not for your role.")),
    404: (_("Not found"), _("There is nothing at this address.")),
    405: (_("Not possible"), _("This address does not take that kind of request.")),
    413: (_("Too large"), _("That is more than this address takes.")),
    429: (_("Too many"), _("Wait a moment and try again.")),
    500: (
        _("Our mistake"),
        _("Something went wrong here. Nothing more is known; it has been noted."),
    ),
    503: (_("Busy"), _("The shop's books are busy. Nothing was saved; try again.")),
}

Answer = Response | tuple[str, int] | tuple[str, int, list[tuple[str, str]]]


def init_app(app: Flask) -> None:
    """Make an app answer every error with a page in plain words."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, our_fault)


def page(status: int, text: str = "", title: str = "") -> tuple[str, int]:
    """Return the error page of a status, with a text and title of its own if they are given.

    Flask's own `render_template` would look up who is logged in, also in books that are gone.
    """
    heading, usual = _TEXTS.get(status, (_("Not possible"), _("This cannot be done.")))
    template = current_app.jinja_env.get_template("errors/error.html")
    number = logs.facts().get("request_id", "") if status >= 500 else ""
    told = {"title": title or heading, "text": text or usual, "number": number}
    return template.render(status=status, **told), status


def _refused(problem: Refused) -> Answer:
    if problems.is_api():
        seconds = problem.seconds if isinstance(problem, TooOften) else None
        return problems.told(problem.status, str(problem.text), retry_after=seconds)
    if isinstance(problem, (NotAllowed, NotFound)):
        _write_down(problem.status)
    return page(problem.status, problem.text)


def _invalid(problem: Invalid) -> Answer:
    first = next(iter(problem.errors.values()))
    return problems.told(problem.status, first, problem.errors)


def _write_down(status: int) -> None:
    """Put into the audit log who was kept from what; the answer does not hang on it."""
    if not current_user.is_authenticated:
        return
    asked = f"{request.method} {request.path}"
    try:
        audit.refused(current_user.who, asked, current_user.user.store_id, status=status)
    except SQLAlchemyError as trouble:
        log.error("a refusal is not in the audit log: %s", type(trouble).__name__)


def _old_form(_problem: CSRFError) -> Answer:
    return page(400, _("This form is too old. Go back, reload the page and try again."))


def _http(problem: HTTPException) -> Answer:
    if isinstance(problem, SecurityError):
        # A name that is not ours has no addresses either, and a page would draw some.
        return Response(
            said(_("This shop is not asked for by that name.")), 400, mimetype="text/plain"
        )
    if problems.is_api():
        return _http_to_a_program(problem)
    if problem.code == 403:
        _write_down(problem.code)
    headers = [(name, value) for name, value in problem.get_headers() if name != "Content-Type"]
    return *page(problem.code or 500), headers


def _http_to_a_program(problem: HTTPException) -> Answer:
    status = problem.code or 500
    answer = problems.told(status, str(_TEXTS.get(status, ("", problem.name))[1]))
    for name, value in problem.get_headers():
        if name not in ("Content-Type", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer


def our_fault(problem: Exception) -> Answer:
    """Answer a mistake of this program, and write it down."""
    log.error("unhandled", exc_info=problem)
    return problems.told(500, str(_TEXTS[500][1])) if problems.is_api() else page(500)
