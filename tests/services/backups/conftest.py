import pytest

from tests.backing import SETTINGS
from tests.conftest import make_settings


@pytest.fixture
def settings(tmp_path, database):
    """Those of a shop with a key for its backups; what it writes lies in the test's own folder."""
    return make_settings(tmp_path, database_url=database, **SETTINGS)
