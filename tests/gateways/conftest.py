import pytest

from pos.gateways import http


@pytest.fixture(scope="session")
def one_wire():
    """Reading the certificates takes longer than most tests."""
    wire = http.Wire()
    yield wire
    wire.close()


@pytest.fixture(autouse=True)
def everyday_wire(one_wire):
    http.use(one_wire)
    yield
    http.use(None)
