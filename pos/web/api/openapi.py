"""The description of the API, made from its code."""

from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from pos.web.api import reading
from pos.web.api.contract import contract
from pos.web.api.problems import AGREED

bp = Blueprint("openapi", __name__, url_prefix="/api")

PROBLEM = "application/problem+json"
PICTURES = {"png": "image/png", "svg": "image/svg+xml"}


@bp.get("/openapi.json")
def description() -> ResponseReturnValue:
    """Answer the OpenAPI 3.1 document."""
    return jsonify(document())


@bp.get("/docs")
def docs() -> ResponseReturnValue:
    """Show the same to a person: plain HTML, without a script or another server's files."""
    made = document()
    return render_template("api/docs.html", about=made["info"], groups=reading.read(made))


def document() -> dict[str, Any]:
    """Return the OpenAPI document of all that the API takes and gives."""
    made: dict[str, Any] = contract.spec
    for path, methods in made["paths"].items():
        if not path.startswith(AGREED):
            for told in methods.values():
                _call_problems_by_their_type(told["responses"])
    for ending, kind in PICTURES.items():
        told = made["paths"][f"/api/v1/payments/{{payment_id}}/qr.{ending}"]["get"]
        told["responses"]["200"]["content"] = {kind: {"schema": {"type": "string"}}}
    return made


def _call_problems_by_their_type(responses: dict[str, Any]) -> None:
    for status, answer in responses.items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[PROBLEM] = content.pop("application/json")
