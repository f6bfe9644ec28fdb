from itertools import product

import pytest

from pos.gateways.base import Trouble
from pos.reports import wording
from pos.states import PaymentStatus, Remark, ResolutionKind


def test_every_state_with_every_remark_has_words_and_a_tone():
    for status, remark in product(PaymentStatus, [None, *Remark]):
        text, tone = wording.status_of(status, remark)
        assert text
        assert tone in ("paid", "waiting", "problem", "quiet")


@pytest.mark.parametrize("remark", Remark)
def test_money_for_a_person_never_looks_like_an_ordinary_success(remark):
    told = wording.status_of(PaymentStatus.PAID, remark)
    settled = {
        Remark.LEARNED_LATE: ("Paid", "paid"),
        Remark.ACCEPTED: ("Paid, accepted", "paid"),
        Remark.MARKED: ("Marked by hand", "waiting"),
    }
    assert (remark in wording.NEEDS_A_PERSON) is (remark not in settled)
    assert told == settled.get(remark, ("Paid, see manager", "problem"))
    assert wording.REMARK[remark]


@pytest.mark.parametrize("kind", ResolutionKind)
def test_every_decision_has_words(kind):
    assert wording.RESOLUTION[kind]


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence(trouble):
    assert wording.trouble_text(str(trouble)).endswith(".")


def test_no_trouble_has_none():
    assert wording.trouble_text("") == ""
