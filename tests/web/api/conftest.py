import pytest

from tests.web.api import programs
from tests.web.api.programs import Program


@pytest.fixture
def program(app, shop) -> Program:
    """A program of the manager's that may do everything."""
    return programs.start(app, shop.manager)
