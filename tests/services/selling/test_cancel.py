import pytest
from sqlalchemy import func, select

from pos.errors import SaleAlreadyPaid
from pos.extensions import db
from pos.models import PaymentEvent
from pos.services.selling import checkout
from pos.states import PaymentStatus, SaleStatus
from tests import said
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def test_cancel_hides_the_qr_at_once_and_the_bank_has_the_last_word(shift, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    assert (payment.status, payment.sale.status) == (P.CANCEL_REQUESTED, S.OPEN)
    assert payment.next_check_at == clock.time
    said.tell(payment, said.NOT_FOUND)
    assert (payment.status, payment.sale.status) == (P.CANCELLED, S.VOIDED)


def test_cancelling_twice_is_cancelling_once(shift):
    payment = charge(shift)
    for _ in range(2):
        checkout.cancel(payment, who=WHO)
    said.tell(payment, said.NOT_FOUND)
    checkout.cancel(payment, who=WHO)
    assert db.session.scalar(select(func.count(PaymentEvent.id))) == 3


def test_what_is_paid_cannot_be_cancelled(shift):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    with pytest.raises(SaleAlreadyPaid):
        checkout.cancel(payment, who=WHO)
    assert payment.sale.void_asked_at is None
