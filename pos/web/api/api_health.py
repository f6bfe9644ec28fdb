"""Whether the API answers, and which version it is."""

from flask import Blueprint
from pydantic import BaseModel

from pos.version import __version__
from pos.web.api.contract import OPEN, Answer, answers, contract

bp = Blueprint("api_health", __name__, url_prefix="/api/v1")


class Health(BaseModel):
    """The API is there."""

    status: str = "ok"
    version: str = __version__


@bp.get("/health")
@contract.validate(resp=answers(HTTP_200=Health), tags=["health"], security=OPEN)
def health() -> Answer:
    """Say that the API answers."""
    return Health()
