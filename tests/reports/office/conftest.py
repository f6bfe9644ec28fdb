import pytest

from tests.plans import collected


@pytest.fixture
def plans(app):
    """How the database goes about each query that a test asks."""
    with collected(app) as told:
        yield told
