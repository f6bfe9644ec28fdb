"""What a program is told where something cannot be done: in its own tongue, never a page.

Our own addresses answer problem+json (RFC 9457). Those that were agreed with other systems
answer as it was agreed there: `success` and `message`, and `errors` by field. In English alone:
programs read it, and those who write them.
"""

from http import HTTPStatus

from flask import Response, jsonify, request
from pydantic import BaseModel, Field

AGREED = ("/api/payments/", "/api/admin/", "/api/order/")
"""Where the addresses begin whose answers were agreed with other systems."""

SIGNED = "/api/payway/"
"""Where a bank posts to us; that door answers for itself."""


class Invalid(Exception):
    """A request that cannot be read; `errors` says of each field why."""

    def __init__(self, errors: dict[str, str], status: int = 422) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors, self.status = errors, status


class FieldError(BaseModel):
    """One field that cannot be taken."""

    field: str = Field(description="Its name; empty for the body as a whole.")
    message: str


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


class Refusal(BaseModel):
    """Why a request was not done, as it was agreed."""

    success: bool = False
    message: str
    errors: dict[str, list[str]] | None = None


def is_api() -> bool:
    """Return whether a program asks, which is answered in JSON."""
    return request.path.startswith("/api/") and not request.path.startswith(SIGNED)


def told(
    status: int,
    detail: str,
    errors: dict[str, str] | None = None,
    *,
    retry_after: int | None = None,
) -> Response:
    """Return the answer that says why not."""
    if request.path.startswith(AGREED):
        said = {name: [text] for name, text in errors.items()} if errors else None
        answer = jsonify(Refusal(message=detail, errors=said).model_dump(exclude_none=True))
    else:
        answer = jsonify(_problem(status, detail, errors).model_dump(exclude_none=True))
        answer.mimetype = "application/problem+json"
    answer.status_code = status
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, retry_after))
    return answer


def _problem(status: int, detail: str, errors: dict[str, str] | None) -> Problem:
    listed = [FieldError(field=name, message=text) for name, text in (errors or {}).items()]
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=detail, errors=listed or None)
