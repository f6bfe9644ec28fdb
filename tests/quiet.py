"""For tests of the books alone: one app for each database, and a shop whose bank need not run.

An app that lives on keeps what SQLAlchemy has compiled, which costs more than most such tests.
Its rows are new for each test, and so are its settings.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pos import create_app
from pos.config import Settings
from tests import factories
from tests.conftest import close, make_settings
from tests.factories import Shop

NOBODY = "http://127.0.0.1:9"
"""Whoever asks here by mistake hears nothing, which settles nothing."""


_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def shared() -> Iterator[Path]:
    """A folder in memory where there is one: nobody pulls the plug of a test."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def apps() -> dict[str, Flask]:
    return {}


@pytest.fixture
def tmp_path(shared: Path) -> Path:
    """A folder of the test's own, in memory too: the practice bank's books lie in it."""
    return Path(tempfile.mkdtemp(dir=shared))


def is_scratch(request: pytest.FixtureRequest) -> bool:
    """Whether the test spoils its database or its app, so that both must be its own."""
    return request.node.get_closest_marker("scratch") is not None


@pytest.fixture
def database(request: pytest.FixtureRequest, shared: Path, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        folder = tmp_path if is_scratch(request) else shared
        for old in folder.glob("pos.db*"):
            old.unlink()
        shutil.copy(request.getfixturevalue("template"), folder / "pos.db")
        yield f"sqlite:///{folder / 'pos.db'}"
    else:
        server = request.getfixturevalue("postgres")
        with server.fresh_database() if is_scratch(request) else server.emptied_database() as url:
            yield url


@pytest.fixture
def settings(shared: Path, database: str) -> Settings:
    return make_settings(shared, database_url=database, gateway_seconds=4)


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, apps: dict[str, Flask]
) -> Iterator[Flask]:
    app = apps.get(settings.database) or create_app(settings)
    app.testing = True
    if not is_scratch(request):
        apps[settings.database] = app
    app.extensions["pos_settings"] = settings
    yield app
    close(app)


@pytest.fixture
def shop(request: pytest.FixtureRequest, app: Flask, clock: object) -> Shop:
    """The shop, paid at the practice bank where the test names one, else at nobody's."""
    has_bank = "bank" in request.fixturenames
    bank = request.getfixturevalue("bank") if has_bank else None
    with app.app_context():
        return factories.create_shop(bank.url, bank.token()) if bank else quiet_shop()


def quiet_shop() -> Shop:
    return factories.create_shop(NOBODY, "no-key")
