"""The OpenAPI document as a person reads it: each address with its fields, references resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

DEEPEST = 3
"""How far a field's own fields are shown below it."""

_OK = range(200, 300)

Node = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of a request or an answer; `depth` says inside how many others it lies."""

    name: str
    kind: str
    is_needed: bool
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Told:
    """One answer of an address: its status, what that means, its type and its fields."""

    status: int
    phrase: str
    kind: str
    fields: list[Field]


@dataclass(frozen=True)
class Operation:
    """One address and method."""

    method: str
    path: str
    summary: str
    text: str
    takes_token: bool
    asked: list[Field] = field(default_factory=list)
    sent: list[Field] = field(default_factory=list)
    given: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Its name in the page's own addresses."""
        return f"{self.method}{self.path}".translate(str.maketrans("/{}.", "----"))


def read(document: Node) -> dict[str, list[Operation]]:
    """Return the operations of a document by their tag, in its order."""
    schemas = document["components"]["schemas"]
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            for tag in told["tags"]:
                groups[tag].append(_operation(method, path, told, schemas))
    return groups


def _operation(method: str, path: str, told: Node, schemas: Node) -> Operation:
    every = [_told(int(status), it, schemas) for status, it in told["responses"].items()]
    return Operation(
        method=method,
        path=path,
        summary=told.get("summary", ""),
        text=told.get("description", ""),
        takes_token=told.get("security") is None,
        asked=[_parameter(it, schemas) for it in told.get("parameters", ())],
        sent=list(_fields(_content(told.get("requestBody", {}))[1], schemas)),
        given=[it for it in every if it.status in _OK],
        refused=[it for it in every if it.status not in _OK],
    )


def _told(status: int, answer: Node, schemas: Node) -> Told:
    kind, schema = _content(answer)
    return Told(status, HTTPStatus(status).phrase, kind, list(_fields(schema, schemas)))


def _content(part: Node) -> tuple[str, Node]:
    for kind, told in part.get("content", {}).items():
        return kind, told["schema"]
    return "", {}


def _parameter(it: Node, schemas: Node) -> Field:
    text = it.get("description") or it["schema"].get("description", "")
    return Field(it["name"], kind_of(it["schema"], schemas), it.get("required", False), text)


def _fields(schema: Node, schemas: Node, depth: int = 0) -> Iterator[Field]:
    """Give the fields of an object, of a list's items or of each choice, and those inside them."""
    for shape in _objects(schema, schemas):
        needed = shape.get("required", ())
        for name, it in shape.get("properties", {}).items():
            text = it.get("description", "")
            yield Field(name, kind_of(it, schemas), name in needed, text, depth)
            if depth < DEEPEST:
                yield from _fields(it, schemas, depth + 1)


def _objects(schema: Node, schemas: Node) -> Iterator[Node]:
    if "$ref" in schema:
        yield from _objects(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _objects(one, schemas)
    elif "items" in schema:
        yield from _objects(schema["items"], schemas)
    elif "properties" in schema:
        yield schema


def kind_of(schema: Node, schemas: Node) -> str:
    """Return in a few words what a value is: `string`, `"open" or "paid"`, `list of string`."""
    if "$ref" in schema:
        return kind_of(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(one, schemas) for one in schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f'"{one}"' for one in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"' if isinstance(schema["const"], str) else "true"
    if "items" in schema:
        return f"list of {kind_of(schema['items'], schemas)}"
    kind, how = schema.get("type", "any"), schema.get("format", "")
    return f"{kind}, {how}" if how else str(kind)
