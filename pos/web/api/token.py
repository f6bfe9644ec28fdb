"""Where a program spends its refresh token for a short access token and the next refresh token."""

from flask import Blueprint, request
from pydantic import BaseModel, Field

from pos.errors import TooOften
from pos.extensions import csrf
from pos.permissions import Scope
from pos.services.api import tokens
from pos.web.api import bearer
from pos.web.api.bodies import MOST_BYTES, Body
from pos.web.api.contract import OPEN, Answer, answers, contract
from pos.web.brake import Brake

bp = Blueprint("token", __name__, url_prefix="/api/v1")
csrf.exempt(bp)

_brake = Brake(20, 100)


class Spend(Body):
    """The refresh token to spend."""

    refresh_token: str = Field(max_length=2_000)


class Tokens(BaseModel):
    """What the program may do from now on."""

    access_token: str = Field(description="For the Authorization header.")
    token_type: str = "Bearer"
    expires_in: int = Field(description="Seconds.")
    refresh_token: str = Field(description="For the next time; the one that was sent is spent.")
    scope: str


@bp.post("/token")
@contract.validate(resp=answers(401, HTTP_200=Tokens), tags=["tokens"], security=OPEN)
def refresh(json: Spend) -> Answer:
    """Spend a refresh token.

    It is good once: a second time revokes the whole token.
    """
    if not _brake.lets_pass():
        raise TooOften("Too many requests. Try again in a second.", 1)
    token, access, following = tokens.refresh(json.refresh_token)
    seconds = int(tokens.ACCESS_LIFE.total_seconds())
    return Tokens(
        access_token=access, expires_in=seconds, refresh_token=following, scope=token.scopes
    )


class Caller(BaseModel):
    """Whose token asks, and what it may do now."""

    name: str
    store: str
    scope: str
    customer: str | None = None


@bp.get("/whoami")
@contract.validate(resp=answers(401, 403, HTTP_200=Caller), tags=["tokens"])
def whoami() -> Answer:
    """Say whose token this is."""
    me = bearer.caller()
    scope = " ".join(one for one in Scope if me.may(one))
    return Caller(name=me.name, store=me.store.name, scope=scope, customer=me.customer or None)


@bp.before_request
def limit_body() -> None:
    """Read no more of a stranger's body than a request may have."""
    request.max_content_length = MOST_BYTES
