from itertools import product

import pytest

from pos.gateways.base import Trouble
from pos.reports import wording
from pos.states import PaymentStatus, Remark


def test_every_state_with_every_remark_has_words_and_a_tone():
    for status, remark in product(PaymentStatus, [None, *Remark]):
        text, tone = wording.status_of(status, remark)
        assert text
        assert tone in ("paid", "waiting", "problem", "quiet")


@pytest.mark.parametrize("remark", Remark)
def test_money_for_a_person_never_looks_like_an_ordinary_success(remark):
    text, tone = wording.status_of(PaymentStatus.PAID, remark)
    needs_one = remark is not Remark.LEARNED_LATE
    assert (remark in wording.NEEDS_A_PERSON) is needs_one
    assert (text, tone) == (("Paid, see manager", "problem") if needs_one else ("Paid", "paid"))
    assert wording.REMARK[remark]


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence(trouble):
    assert wording.trouble_text(str(trouble)).endswith(".")


def test_no_trouble_has_none():
    assert wording.trouble_text("") == ""
