import pytest

from pos import clock
from pos.gateways import open_gateway
from pos.gateways.payway.client import forget_hosts
from tests.gateways.payway.practice import practice
from tests.gateways.requests import NOW, qr_request


@pytest.fixture(autouse=True)
def fresh_start():
    clock.use(lambda: NOW)
    forget_hosts()
    yield
    clock.use(None)


@pytest.fixture
def bank(tmp_path):
    with practice(tmp_path) as bank:
        yield bank


@pytest.fixture
def gateway(bank):
    return open_gateway(bank.account, seconds=2)


@pytest.fixture
def qr(gateway):
    return gateway.issue_qr(qr_request())
