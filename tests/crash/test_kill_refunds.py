"""Money that goes back through PayWay, killed at each write and each commit: never sent twice."""

import pytest

from tests import payway, refunding
from tests.crash import till_deeds
from tests.crash.program import KILLED

UNTIL_KNOWN_SECONDS = 400
"""Then whatever was sent is at the bank, and what is not there was not sent."""

_STAND = """SELECT r.status, m.refunded_minor, r.shift_id, p.tran_id FROM gateway_transaction m
    JOIN payment p ON p.id = m.payment_id LEFT JOIN refund r ON r.transaction_id = m.id
    WHERE m.payment_id = ?"""


@pytest.fixture
def shop(app, bank):
    shop = payway.open_shop(app, bank)
    refunding.give_keys(app)
    return shop


@pytest.fixture
def shift(day):
    return day.open_shift()


@pytest.fixture
def paid(day, shift):
    """Makes a payment that is paid, and the form that asks for a part of it back."""

    def paid():
        payment = day.sell(shift)
        day.settle(payment)
        return payment, f"give-back-{payment:06}", day.shop

    return paid


def at_bank(bank):
    """What each number was given back in all, in cents."""
    rows = bank.http.get("/sandbox/payway/bills").json()
    return {one["transaction_id"]: round(float(one["refund_amount"]) * 100) for one in rows}


def test_a_refund_killed_at_any_point_is_sent_once_at_most_and_known_in_the_end(
    day, shift, paid, bank
):
    ends = set()
    for one in day.sweep(till_deeds.give_back, paid):
        again = one.again()
        assert again in ("done", "sending") and one.heard in (KILLED, again)
        day.let_pass(UNTIL_KNOWN_SECONDS)
        day.do(till_deeds.look_for_refunds)
        ((status, reserved, counted, tran_id),) = day.witness.rows(_STAND, one.args[0])
        gone = at_bank(bank)[tran_id]
        assert (gone, reserved, counted) == (
            (100, 100, shift) if status == "done" else (0, 0, None)
        )
        ends.add((status, again))
    assert one.point > 8
    assert ends == {("done", "done"), ("done", "sending"), ("refused", "sending")}
