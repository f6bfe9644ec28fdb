"""Who asks: the program whose token stands in the Authorization header, and nowhere else.

No cookie opens an address of the API, so a page of another site cannot ask in somebody's name.
That is why these addresses take no CSRF token.
"""

from typing import cast

from flask import g, request

from pos.errors import BadToken, NotAllowed
from pos.models import ApiToken
from pos.permissions import Scope
from pos.services.api import tokens
from pos.web.api.bodies import MOST_BYTES

_PREFIX = "bearer "


def require(scope: Scope) -> None:
    """Let nobody past whose token is not in force (401) or lacks a scope (403)."""
    request.max_content_length = MOST_BYTES
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_PREFIX):
        raise BadToken("Send a token: Authorization: Bearer ...")
    token = tokens.of_access(header[len(_PREFIX) :].strip())
    if not token.may(scope):
        raise NotAllowed(f"The token lacks the scope {scope}, or its person the right.")
    g.api_token = token


def is_known() -> bool:
    """Return whether a token asks; some addresses take another proof."""
    return "api_token" in g


def caller() -> ApiToken:
    """Return the token that asks."""
    return cast(ApiToken, g.api_token)
