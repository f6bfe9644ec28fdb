import pytest

from pos.errors import BadInput, InFlight
from pos.services.api import idempotency
from tests import racing

pytestmark = pytest.mark.usefixtures("context")


def test_of_many_at_once_one_has_the_key_and_the_others_wait(app, token):
    token_id = token.id
    results = racing.race(app, *[lambda: idempotency.claim(token_id, "k", "d")] * 6)
    assert len([one for one in results if isinstance(one, idempotency.Claim)]) == 1
    assert len([one for one in results if isinstance(one, InFlight)]) == 5


def test_an_answered_key_gives_its_answer_for_seven_days(token, clock):
    claim = idempotency.claim(token.id, "k", "d")
    idempotency.finish(claim.row_id, 201, "done")
    clock.advance(days=6, hours=23)
    again = idempotency.claim(token.id, "k", "d")
    assert (again.status, again.body) == (201, "done")
    clock.advance(hours=1)
    assert idempotency.claim(token.id, "k", "another").status is None


def test_a_key_is_of_one_request_and_of_one_token(token, clock):
    idempotency.claim(token.id, "k", "d")
    with pytest.raises(BadInput, match="another request"):
        idempotency.claim(token.id, "k", "another")


def test_a_claim_whose_program_died_is_taken_over_by_one(app, token, clock):
    token_id = token.id
    idempotency.claim(token_id, "k", "d")
    clock.advance(61)
    results = racing.race(app, *[lambda: idempotency.claim(token_id, "k", "d")] * 4)
    assert len(racing.errors(results)) == 3


def test_a_key_that_was_let_go_can_be_used_again(token):
    idempotency.let_go(idempotency.claim(token.id, "k", "d").row_id)
    assert idempotency.claim(token.id, "k", "other").status is None


def test_old_answers_are_forgotten(token, clock):
    idempotency.finish(idempotency.claim(token.id, "k", "d").row_id, 200, "x")
    clock.advance(days=8)
    idempotency.forget_old()
    assert idempotency.claim(token.id, "k", "other").status is None
