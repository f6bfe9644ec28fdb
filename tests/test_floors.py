import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pos

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "pos").rglob("*.py"))

GROUND = {
    *("cash", "catalogue", "clock", "config", "errors", "khqr", "logs", "money", "paths"),
    *("permissions", "plans", "serving", "states", "totp", "version", "words"),
}
PURE = GROUND | {"paper"}
MEMORY = {"database", "damage", "extensions", "mishaps", "models", "schema"}
BELOW = PURE | MEMORY | {"gateways", "messengers", "reports", "services"}

ROOMS = {
    **dict.fromkeys(GROUND, GROUND),
    "paper": GROUND,
    "gateways": GROUND,
    "messengers": GROUND | {"gateways"},
    "mishaps": GROUND,
    "database": GROUND | {"mishaps"},
    "damage": GROUND | {"database", "mishaps"},
    "schema": GROUND | {"database", "mishaps"},
    "extensions": GROUND | {"database"},
    "models": GROUND | {"database", "extensions"},
    "reports": PURE | MEMORY | {"gateways", "messengers"},
    "services": PURE | MEMORY | {"gateways", "messengers", "reports"},
    "web": BELOW,
    "worker": BELOW,
    "demo": BELOW,
    "launch": BELOW | {"demo", "sandbox"},
    "cli": BELOW | {"demo", "launch", "worker"},
    "app": BELOW | {"web", "cli"},
    "sandbox": GROUND,
    "create_app": {"app", "config"},
}
"""Each room of the package and the rooms it may import. `create_app` is the package itself."""

PROGRAMS = {"pos.launch.prepare"}
"""Runs in a process of its own, so it stands on the roof; nothing may import it."""

HELPERS = {
    *("again", "brake", "cookies", "errors", "files", "filters", "forms", "gate", "htmx", "ids"),
    *("languages", "menu", "origin", "reach", "rights", "security", "sessions", "trouble"),
    *("counter.agents", "counter.keyed", "counter.known", "counter.polls", "counter.qr"),
    *("counter.unchanged", "counter.watch", "paperwork.printed", "paperwork.receipt_address"),
    *("api.bearer", "api.bodies", "api.contract", "api.once", "api.pictures"),
    *("api.plan_shapes", "api.problems", "api.reading", "api.shapes"),
    *("enrolled", "places", "signed_in", "office.charts", "office.attention_forms"),
    *("office.dispute_forms", "office.refund_forms", "office.spans", "request_counts", "traced"),
}
"""What the doors of `pos/web` share. Every other file there is a door, and imports no door."""

DATABASE = {"sqlalchemy"}
EXTENSIONS = {
    *("flask", "flask_babel", "flask_login", "flask_migrate", "flask_sqlalchemy", "flask_wtf"),
}
CRYPTO = {"argon2", "cryptography"}
FLASK = {"flask", "flask_login", "flask_wtf", "htmx_flask", "itsdangerous", "werkzeug"}
PAGES = FLASK | {"babel", "flask_babel", "markupsafe", "pygal", "segno"}

PACKAGES = {
    **dict.fromkeys(GROUND, set()),
    "create_app": {"flask"},
    "catalogue": {"babel"},
    "config": {"cryptography", "pydantic", "pydantic_settings"},
    "logs": {"pydantic", "sentry_sdk"},
    "paper": {"PIL", "escpos", "reportlab"},
    "gateways": {"cryptography", "httpcore", "httpx"},
    "messengers": set(),
    **dict.fromkeys(("database", "damage", "mishaps"), DATABASE),
    "schema": DATABASE | {"alembic"},
    "extensions": EXTENSIONS,
    "models": DATABASE,
    "reports": DATABASE | {"pydantic", "xlsxwriter"},
    "services": DATABASE | CRYPTO | {"alembic", "jwt", "pyrage"},
    "web": DATABASE | PAGES | {"prometheus_client", "pydantic", "pydantic_core", "spectree"},
    "worker": {"apscheduler", "flask"},
    "demo": DATABASE,
    "launch": DATABASE | {"cryptography", "flask", "flask_migrate", "httpx"},
    "cli": DATABASE | {"click", "flask", "flask_migrate"},
    "app": {"flask"},
    "sandbox": {"cryptography", "flask", "segno", "werkzeug"},
}
"""What each room may take from outside, beside the standard library."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str) -> Iterator[str]:
    """Each name that is imported, anywhere in the file: `pos.web.counter.till`, `flask`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            module = str(node.module)
            inside = module.split(".")[0] == "pos"
            yield from (f"{module}.{alias.name}" if inside else module for alias in node.names)


def room_of(name: str) -> str:
    return "create_app" if name == "pos" else name.split(".")[1]


def wrong_imports(module: str, source: str) -> list[str]:
    return [name for name in imports(source) if not may_import(module, name)]


def may_import(module: str, name: str) -> bool:
    here, top = room_of(module), name.split(".")[0]
    if top != "pos":
        return top in sys.stdlib_module_names or top in PACKAGES[here]
    if module in PROGRAMS:
        return True
    there = room_of(name)
    if here == there:
        return name not in PROGRAMS and not crosses_doors(module, name)
    return there in ROOMS[here] and name not in PROGRAMS


def crosses_doors(module: str, name: str) -> bool:
    """Whether one screen of `pos/web` leans on another."""
    if not module.startswith("pos.web."):
        return False
    return not any(f"{name}.".startswith(f"pos.web.{helper}.") for helper in HELPERS)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_go_down_only(path):
    assert wrong_imports(module_of(path), path.read_text()) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("pos.money", "from pos.services import checkout"),
        ("pos.states", "import flask"),
        ("pos.gateways.bakong.client", "from pos.models import Payment"),
        ("pos.models.payment", "from pos.gateways.base import Answer"),
        ("pos.reports.counter.glance", "from pos.services import shifts"),
        ("pos.services.bookkeeping.shifts", "from flask import request"),
        ("pos.services.bookkeeping.shifts", "def late():\n    from pos.web import till"),
        ("pos.services.bookkeeping.shifts", "import httpx"),
        ("pos.web.counter.till", "from pos.web.bookkeeping.shifts import bp"),
        ("pos.web.counter.till", "from pos.worker import JOBS"),
        ("pos.cli", "from pos.sandbox import create_sandbox"),
        ("pos.cli", "from pos import create_app"),
        ("pos.cli", "import pos.launch.prepare"),
        ("pos.sandbox.bakong", "from pos.gateways.base import Answer"),
        ("pos.app", "from pos.sandbox import create_sandbox"),
    ],
)
def test_an_upward_import_is_found(module, line):
    assert wrong_imports(module, line) != []


def test_every_room_has_its_floor_and_the_map_names_it():
    rooms = {path.stem if path.is_file() else path.name for path in (ROOT / "pos").iterdir()}
    rooms -= {"__init__", "__pycache__"}
    assert rooms == ROOMS.keys() - {"create_app"} == PACKAGES.keys() - {"create_app"}
    assert pos.__doc__ is not None
    assert rooms <= set(pos.__doc__.split())


def test_every_door_has_a_blueprint_that_is_named_as_its_file():
    doors = {path for path in (ROOT / "pos" / "web").rglob("*.py") if path.stem != "__init__"}
    doors -= {ROOT / "pos" / "web" / f"{name.replace('.', '/')}.py" for name in HELPERS}
    assert doors != set()
    for door in doors:
        assert f'Blueprint("{door.stem}"' in door.read_text()


@pytest.mark.parametrize("floor", ["services", "reports", "web"])
def test_the_map_of_a_floor_names_its_rooms(floor):
    rooms = {path.name for path in (ROOT / "pos" / floor).iterdir() if path.is_dir()}
    told = (ROOT / "pos" / floor / "__init__.py").read_text()
    assert rooms - {"__pycache__"} == set(re.findall(r"^    (\w+) {2,}", told, re.MULTILINE))


def test_htmx_flask_has_one_door():
    users = [module_of(path) for path in FILES if "htmx_flask" in imports(path.read_text())]
    assert users == ["pos.web.htmx"]
