"""What the API takes and gives, from which OpenAPI is made; and the way each request is read."""

from typing import Any

from pydantic import BaseModel
from spectree import Response, SecurityScheme, SpecTree
from spectree.model_adapter.protocol import SchemaMode
from spectree.model_adapter.pydantic_adapter import PydanticModelAdapter
from spectree.models import SecureType, SecuritySchemeData
from spectree.plugins.base import Context
from spectree.plugins.flask_plugin import FlaskPlugin

from pos.version import __version__
from pos.web.api.bodies import read_body, read_query
from pos.web.api.problems import Problem, Refusal

_BEARER = SecuritySchemeData(type=SecureType.HTTP, scheme="bearer", bearer_format="JWT")


class StrictPlugin(FlaskPlugin):
    """Reads a request by our own rules: SpecTree's takes a broken body for an empty one."""

    def request_validation(
        self, request: Any, query: Any, json: Any, form: Any, headers: Any, cookies: Any
    ) -> None:
        """Keep what the request says where SpecTree gives it to the view; Invalid where nothing."""
        asked = read_query(query) if query else None
        sent = read_body(json) if json else None
        request.context = Context(asked, sent, None, None, None)


class SchemaOnce(PydanticModelAdapter):
    """Makes the schema of a model once; each refusal of each address has the same one."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[tuple[type[Any], str, str], dict[str, Any]] = {}

    def json_schema(
        self, model: type[Any], *, ref_template: str, mode: SchemaMode = "validation"
    ) -> dict[str, Any]:
        """Return a model's schema, which SpecTree copies before it writes into it."""
        key = (model, ref_template, mode)
        if key not in self._made:
            made = super().json_schema(model, ref_template=ref_template, mode=mode)
            self._made[key] = made
        return self._made[key]


_SCHEMAS: Any = SchemaOnce()
"""SpecTree takes its own adapter, too, only where no type is looked at."""


def _name(model: Any) -> str:
    name: str = model.__name__
    return name


contract = SpecTree(
    backend=StrictPlugin,
    model_adapter=_SCHEMAS,
    mode="strict",
    title="KHQR POS",
    version=__version__,
    description="Sales and KHQR payments of a store. Amounts are text with the decimals of their"
    " currency; times are UTC. Every POST may carry an Idempotency-Key.",
    security_schemes=[SecurityScheme(name="token", data=_BEARER)],
    security={"token": []},
    naming_strategy=_name,
    nested_naming_strategy=lambda _parent, child: child,
)

Answer = BaseModel | tuple[BaseModel, int] | tuple[BaseModel, int, dict[str, str]]
"""What a view of the API returns: a model; with its status, and headers, where they matter."""

OPEN: dict[str, list[str]] = {}
"""The security of an address that takes no token."""


def answers(*refused: int, **given: Any) -> Response:
    """Return what an address of our own answers: `HTTP_200=Model`, and the refusals by number."""
    return Response(
        **given, **{f"HTTP_{one}": Problem for one in sorted({*refused, 400, 413, 415, 422, 429})}
    )


def agreed(*refused: int, **given: Any) -> Response:
    """Return what an address answers that was agreed with another system."""
    usual = {400, 401, 403, 404, 413, 415, 422, 429}
    return Response(**given, **{f"HTTP_{one}": Refusal for one in sorted({*refused, *usual})})
