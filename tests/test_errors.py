import inspect

import pytest

from pos import errors
from pos.states import PaymentStatus

ALL = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind is not errors.StrEnum
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_hangs_on_the_one_tree_and_is_drawn_in_it(kind):
    assert issubclass(kind, errors.PosError)
    assert kind.__name__ in errors.__doc__


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, errors.Refused)])
def test_what_a_person_can_put_right_is_told_in_words_and_is_no_fault_of_ours(kind):
    refused = kind("Type the amount again.")
    assert refused.text == str(refused) == "Type the amount again."
    assert 400 <= refused.status < 500


def test_an_illegal_move_names_both_states_and_the_payment():
    error = errors.IllegalMove(PaymentStatus.PAID, PaymentStatus.EXPIRED, "261122-ABC")
    assert str(error) == "261122-ABC: no way from paid to expired"
    assert (error.old, error.new) == (PaymentStatus.PAID, PaymentStatus.EXPIRED)


def test_silence_and_nonsense_are_never_a_plain_no():
    for kind in (errors.GatewaySilent, errors.GatewayGarbled, errors.GatewayUnreachable):
        assert not issubclass(kind, errors.GatewayRejected)
