import pytest

from pos.models.payment import tail_of
from pos.reports.office import payment_words
from tests.factories import khr, usd


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("3.50", (usd("3.50"),)),
        ("$3.50", (usd("3.50"),)),
        ("15000", (usd("15000"), khr("15000"))),
        ("15,000", (usd("15000"), khr("15000"))),
        ("៛15,000", (khr("15000"),)),
        ("៛3.50", ()),
        ("1,50", ()),
        ("-3.50", ()),
        ("១៥០០០", ()),
        ("table 4", ()),
    ],
)
def test_an_amount_is_read_in_each_currency_that_it_can_be(typed, amounts):
    assert payment_words.read(typed).amounts == amounts


@pytest.mark.parametrize(("typed", "number"), [("12", 12), ("#12", 12), ("1.2", 0), ("9" * 12, 0)])
def test_a_short_whole_number_may_be_a_sales(typed, number):
    assert payment_words.read(typed).number == number


def test_eight_letters_of_hexadecimal_may_begin_a_hash():
    assert payment_words.read("AB12cd34").short_hash == "ab12cd34"
    assert payment_words.read("ab12cd3").short_hash == ""
    assert payment_words.read("ab12cd3x").short_hash == ""


def test_a_hash_is_no_note_and_a_sentence_is_no_number():
    assert payment_words.read("a" * 64).note == ""
    sought = payment_words.read("  two   coffees ")
    assert (sought.note, sought.code, sought.payer) == ("two coffees", "", "")


@pytest.mark.parametrize(
    ("payer", "tail"),
    [
        ("dara_12345@abaa", "2345"),
        ("ABA Bank *****5678", "5678"),
        ("ABA Bank 000 123 456", "3456"),
        ("", ""),
        ("ឈ្មោះ@bank", ""),
    ],
)
def test_a_payer_is_known_by_the_end_of_the_account_not_by_its_bank(payer, tail):
    assert tail_of(payer) == tail
