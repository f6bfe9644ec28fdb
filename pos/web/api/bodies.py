"""Reading what a program sends: JSON with one reading, of the fields that are known, or nothing."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from pos.errors import GatewayGarbled
from pos.gateways import strict_json
from pos.web.api.problems import Invalid

MOST_BYTES = 64 * 1024

M = TypeVar("M", bound=BaseModel)

_UNKNOWN = "extra_forbidden"


class Body(BaseModel):
    """What every request is: no field that is not known, and none of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """What stands after the question mark: all of it text, so read as what it means."""

    model_config = ConfigDict(extra="forbid")


def read_body(model: type[M]) -> M:
    """Return the body as its model; Invalid with 400, 415 or 422 for anything else.

    An empty body is an empty object: some requests say all in their address.
    """
    raw = request.get_data()
    if raw and request.mimetype != "application/json":
        raise Invalid({"": "The body must be application/json."}, 415)
    try:
        document = strict_json.read(raw or b"{}")
    except GatewayGarbled as problem:
        raise Invalid({"": f"The body is no JSON that can be taken: {problem}."}, 400) from None
    if not isinstance(document, dict):
        raise Invalid({"": "The body must be one JSON object."}, 400)
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as problem:
        raise Invalid(_said(problem)) from None


def read_query(model: type[M]) -> M:
    """Return the parameters of the address as their model; Invalid for unknown or repeated ones."""
    asked = request.args.to_dict(flat=False)
    twice = [name for name, values in asked.items() if len(values) > 1]
    if twice:
        raise Invalid(dict.fromkeys(twice, "This parameter stands twice."))
    try:
        return model.model_validate({name: values[0] for name, values in asked.items()})
    except ValidationError as problem:
        raise Invalid(_said(problem)) from None


def _said(problem: ValidationError) -> dict[str, str]:
    errors: dict[str, str] = {}
    for one in problem.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in one["loc"])[:100]
        text = "This field is not known." if one["type"] == _UNKNOWN else f"{one['msg']}"
        errors.setdefault(_printable(name), text if text.endswith(".") else f"{text}.")
    return errors


def _printable(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()
