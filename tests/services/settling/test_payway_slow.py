"""The first two faults of a gateway, as a shop that is paid by PayWay meets them: it is too slow.

G3 to G10 stand in test_payway_faults.py.
"""

import time

import pytest

from pos.gateways.base import Trouble
from pos.states import PaymentStatus
from tests.factories import charge
from tests.payway import ask, settings, shift, shop

__all__ = ["settings", "shift", "shop"]

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.alone("gives each exchange two seconds"),
]

P = PaymentStatus


@pytest.fixture
def paid(shift, bank):
    """A QR over $3.50 that the customer has paid, and we have not asked about."""
    payment = charge(shift)
    bank.pay(payment.qr_string)
    return payment


@pytest.mark.parametrize("switch", [{"delay": 5}, {"delay": 30}, {"hang": 30}])
def test_g01_slow_before_the_headers(paid, bank, clock, switch):
    bank.misbehave(**switch)
    started = time.monotonic()
    assert (ask(paid), paid.trouble) == (P.AWAITING, Trouble.SILENT)
    assert time.monotonic() - started < 3
    bank.behave()
    assert ask(paid) is P.PAID


def test_g02_a_byte_now_and_then(paid, bank, clock):
    bank.misbehave(trickle=0.25)
    started = time.monotonic()
    assert ask(paid) is P.AWAITING and time.monotonic() - started < 3
    bank.behave()
    assert ask(paid) is P.PAID
