import pytest

from docs import words
from pos.catalogue import say
from pos.gateways.payway import codes
from pos.gateways.payway.making_codes import MAKING, OF_PURCHASE, OF_QR
from pos.gateways.payway.refund_codes import REFUNDING
from pos.reports import remembered, wording
from pos.reports.remembered import again, noted
from pos.services.paperwork import printing
from pos.words import Language, Words, _
from tests.reports.paperwork.english import english

TABLES = (codes.ASKING, codes.LISTING, codes.CLOSING, MAKING, OF_PURCHASE, OF_QR, REFUNDING)

STORED = (
    *sorted({str(one.text) for table in TABLES for one in table.values()}),
    *wording.REMARK.values(),
    *wording.MOVEMENT_REASON.values(),
    *wording.OVER_REASON.values(),
    *wording.RECOUNT_REASON.values(),
    *(text for text, _tone in wording.STATUS.values()),
    "Waiting, see manager",
    "Accepted, Maly",
    "Confirmed by the bank at 09:18, in the KHQR total",
    "Marked on 22 Nov, on an earlier report; the bank confirmed it at 09:18",
    "Manual refund. It stands on the report of the shift that made it.",
    "$3 and ៛2,000 went back in cash, out of the drawer of the shift that gave it.",
    "The printer cannot be reached: it takes no print at this address.",
    f"The printer stopped: it does not answer. Is it switched on? {printing.UNKNOWN}",
)


NAMED = {"PayWay", "ABA", "WeChat", "Google", "Pay", "merchant", "id", "MID"}
"""What PayWay's own pages call by these names."""


@pytest.mark.parametrize("text", [str(one) for one in STORED])
def test_a_stored_sentence_is_said_whole_in_khmer_and_unchanged_in_english(text):
    assert str(again(text)) == text
    assert english(say(Language.KHMER, again(text))) <= NAMED


def test_what_is_not_known_stays_as_it_stands():
    for text in ("", "Ice for the party, 5 % more", "100% sure"):
        assert say(Language.KHMER, again(text)) == text == say(Language.ENGLISH, again(text))


def test_a_name_in_a_stored_sentence_is_no_sentence():
    assert say(Language.KHMER, again("Refunded, Cash")).endswith(" Cash")


def test_a_note_is_left_as_it_was_typed_but_for_the_one_of_a_refund():
    assert say(Language.KHMER, noted("Paid")) == "Paid"
    assert english(say(Language.KHMER, noted("Refund 12"))) == set()


def test_a_sentence_that_still_knows_its_values_is_left_alone():
    fresh = _("Sale %(number)s", number=7)
    assert again(fresh) is fresh and isinstance(again("Paid"), Words)


def test_every_pattern_that_is_looked_for_is_said_somewhere():
    said = {message.id for message in words.read()}
    assert [pattern for pattern, _read in remembered.PATTERNS if pattern not in said] == []
