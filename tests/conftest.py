import logging
import secrets
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.serving import make_server

from pos import clock as pos_clock
from pos import create_app
from pos.config import Settings
from pos.extensions import db
from pos.sandbox import create_sandbox
from tests import canary, databases, factories, lines, network
from tests.factories import Shop
from tests.routes import compile_once

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Nine in the morning in Phnom Penh."""

VAULT_KEY = Fernet.generate_key().decode()
SECRET_KEY = secrets.token_urlsafe(32)
BOT_TOKEN = f"987654:{secrets.token_urlsafe(26)}"
MAIL_PASSWORD = secrets.token_urlsafe(18)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--everywhere`."""
    parser.addoption("--everywhere", action="store_true", help="run all on both databases")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that has a database on those that it is for."""
    if "database" in metafunc.fixturenames:
        kinds = databases.kinds(metafunc.definition, metafunc.config.getoption("--everywhere"))
        metafunc.parametrize("database", kinds, indirect=True)


logging.getLogger("werkzeug").setLevel(logging.WARNING)
compile_once()


def pytest_configure() -> None:
    """Listen for secrets in every log line, from the first one on."""
    keys = {"vault key": VAULT_KEY, "session key": SECRET_KEY, "password": factories.PASSWORD}
    canary.listen({**keys, "bot token": BOT_TOKEN, "mail password": MAIL_PASSWORD})


no_secret_in_a_log = canary.no_secret_in_a_log
no_network = network.no_network
log_as_it_was = lines.log_as_it_was


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replace pytest-flask's own, which keeps one context open and so leaks logins."""


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = NOW

    def advance(self, seconds: float = 0, **more: float) -> None:
        self.time += timedelta(seconds=seconds, **more)


@pytest.fixture
def clock() -> Iterator[Clock]:
    frozen = Clock()
    pos_clock.use(lambda: frozen.time)
    yield frozen
    pos_clock.use(None)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, made once."""
    folder = tmp_path_factory.mktemp("template")
    migrate(make_settings(folder))
    return folder / "pos.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Postgres]:
    """A real PostgreSQL server with an empty, migrated database to copy."""
    folder = tmp_path_factory.mktemp("instance")
    server = databases.Postgres()
    migrate(make_settings(folder, database_url=server.template_url))
    yield server
    server.stop()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without rows, this test's own while it runs.

    A test that changes the schema, or the app, is marked `scratch`.
    """
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("template"), tmp_path / "pos.db")
        yield f"sqlite:///{tmp_path / 'pos.db'}"
    else:
        server: databases.Postgres = request.getfixturevalue("postgres")
        is_scratch = request.node.get_closest_marker("scratch") is not None
        with server.fresh_database() if is_scratch else server.emptied_database() as url:
            yield url


def make_settings(folder: Path, **changes: Any) -> Settings:
    return Settings(
        **{"secret_key": SECRET_KEY, "vault_key": VAULT_KEY, "instance": folder, **changes}
    )


def migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade()
    close(app)


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What Jinja makes of the templates, so that each test's app need not do it again."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    return make_settings(tmp_path, database_url=database, gateway_seconds=4)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    yield app
    close(app)


class Bank:
    """The practice bank behind a real socket, with its control at hand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=10, verify=False)

    def pay(self, qr: str, **wishes: Any) -> list[dict[str, Any]]:
        answer = self.http.post("/sandbox/pay", json={"qr": qr, **wishes})
        assert answer.status_code == 201, answer.text
        return answer.json()["transfers"]

    def misbehave(self, **switches: Any) -> None:
        assert self.http.post("/sandbox/faults", json=switches).status_code == 200

    def behave(self) -> None:
        self.http.delete("/sandbox/faults")

    def calls(self) -> list[dict[str, Any]]:
        return self.http.get("/sandbox/calls").json()

    def token(self, **wishes: Any) -> str:
        wanted = {"email": factories.EMAIL, **wishes}
        return self.http.post("/sandbox/tokens", json=wanted).json()["token"]


@pytest.fixture
def bank_mode() -> str:
    """Which of the central bank's hosts the practice bank plays."""
    return "production"


@pytest.fixture
def bank(tmp_path: Path, bank_mode: str) -> Iterator[Bank]:
    app = create_sandbox(
        ledger_path=tmp_path / "bank.db",
        mode=bank_mode,
        accounts=[factories.ACCOUNT_ID],
        emails=[factories.EMAIL],
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    bank = Bank(f"http://127.0.0.1:{server.port}")
    yield bank
    bank.http.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(app: Flask, bank: Bank, clock: Clock) -> Shop:
    """A store with two tills, a cashier and a manager, paid at the practice bank."""
    with app.app_context():
        return factories.create_shop(bank.url, bank.token())


@pytest.fixture
def context(app: Flask, shop: Shop) -> Iterator[None]:
    """An app context around a test of services; never around one that uses a client."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cashier(app: Flask, shop: Shop) -> FlaskClient:
    """A browser in which the cashier is logged in."""
    return factories.log_in(app.test_client(), shop.cashier)


@pytest.fixture
def manager(app: Flask, shop: Shop) -> FlaskClient:
    """A browser in which the manager is logged in."""
    return factories.log_in(app.test_client(), shop.manager)
