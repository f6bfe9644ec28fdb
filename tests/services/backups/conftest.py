import pytest

from tests.backing import SETTINGS, machine
from tests.conftest import make_settings
from tests.test_migrations import run


@pytest.fixture
def settings(tmp_path, database):
    """Those of a shop with a key for its backups; what it writes lies in the test's own folder."""
    return make_settings(tmp_path, database_url=database, **SETTINGS)


@pytest.fixture
def elsewhere(request, database, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.startswith("sqlite"):
        yield from machine(f"sqlite:///{folder / 'pos.db'}", folder)
        return
    with request.getfixturevalue("postgres").fresh_database() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield from machine(url, folder)
