from itertools import product

import pytest

from pos.states import DISPUTE_MOVES, DISPUTE_NEEDS_PAYMENT, DisputeStatus

ENDS = {"refunded", "money_found", "rejected", "withdrawn"}


@pytest.mark.parametrize(("old", "new"), list(product(DisputeStatus, DisputeStatus)))
def test_a_dispute_is_opened_and_ended_once(old, new):
    assert (new in DISPUTE_MOVES[old]) is (old == "open" and new in ENDS)


def test_an_end_that_speaks_of_money_needs_its_payment():
    assert {str(one) for one in DISPUTE_NEEDS_PAYMENT} == {"refunded", "money_found"}
