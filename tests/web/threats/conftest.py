from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from pos import create_app
from pos.config import Settings
from tests.conftest import close

HOST = "pos.example.com"

Serve = Callable[..., Flask]


class OverTls(FlaskClient):
    """A browser that asks for the shop by its name, over HTTPS."""

    def open(self, *asked: Any, **more: Any) -> TestResponse:
        return super().open(*asked, **{"base_url": f"https://{HOST}", **more})


@pytest.fixture(scope="session")
def served() -> dict[str, Flask]:
    return {}


@pytest.fixture
def serve(
    settings: Settings, compiled: FileSystemBytecodeCache, served: dict[str, Flask]
) -> Iterator[Serve]:
    """Serves the same books with other settings; an app once made serves again."""
    used = []

    def start(**changes: Any) -> Flask:
        new, key = settings.model_copy(update=changes), repr((settings.database, changes))
        app = served[key] = served.get(key) or create_app(new)
        app.extensions["pos_settings"], app.jinja_env.bytecode_cache = new, compiled
        used.append(app)
        return app

    yield start
    for app in used:
        close(app)


@pytest.fixture
def secure(serve: Serve) -> Flask:
    """The shop behind TLS."""
    app = serve(https_only=True)
    app.test_client_class = OverTls
    return app
