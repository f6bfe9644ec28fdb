from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pos.errors import GatewayGarbled
from pos.gateways.bakong.facts import read_facts
from pos.money import Currency, Money
from tests.gateways.bakong.bodies import HASH, transfer


def facts_of(**changes):
    """Amounts come from the wire as Decimal, never as float."""
    return read_facts(transfer(**({"amount": Decimal("3.5")} | changes)))


def test_a_transfer_is_read_whole():
    facts = facts_of(trackingStatus="RECEIVE_AT_ACH")
    assert (facts.reference, facts.amount) == (HASH, Money(350, Currency.USD))
    assert (facts.payer, facts.receiver) == ("abaakhppxxx@abaa", "shop@aclb")
    assert facts.paid_at == datetime(2026, 2, 26, 17, 2, 29, tzinfo=UTC)
    assert facts.confirmed_at == datetime(2026, 2, 26, 17, 2, 31, tzinfo=UTC)
    assert (facts.bank_reference, facts.tracking) == ("100FT36931627892", "RECEIVE_AT_ACH")


def test_the_six_fields_of_the_old_paper_are_enough():
    names = ("hash", "fromAccountId", "toAccountId", "currency", "amount", "createdDateMs")
    facts = read_facts({name: transfer(amount="3.50")[name] for name in names})
    assert (facts.confirmed_at, facts.bank_reference, facts.tracking) == (None, "", "")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (Decimal("0.1"), "USD", 10),
        (Decimal("0.10"), "USD", 10),
        (Decimal("1E+1"), "USD", 1000),
        (1, "USD", 100),
        ("1", "USD", 100),
        ("3.50", "USD", 350),
        ("3.500", "USD", 350),
        (Decimal("9999999999.99"), "USD", 999999999999),
        (15000, "KHR", 15000),
        (Decimal("15000.0"), "KHR", 15000),
        ("15000.00", "KHR", 15000),
    ],
)
def test_an_amount_is_number_or_text_and_exact(amount, currency, minor):
    facts = facts_of(amount=amount, currency=currency)
    assert facts.amount == Money(minor, Currency(currency))


@pytest.mark.parametrize(
    "amount",
    [0, "0", "0.00", -1, Decimal("-3.5"), Decimal("-0.0"), Decimal("3.505"), Decimal("0.001")]
    + [Decimal("0.1000000000000000055511151231257827"), Decimal("0.30000000000000004")]
    + [Decimal("0.1" + "0" * 40 + "1")]
    + [Decimal("1e400"), Decimal("1e-400"), Decimal("1e999999999"), 10**14, 10**4000]
    + ["", " 1", "1 ", "1,000", "1e3", "+1", "-1", "NaN", "Infinity", "៥", "1_0", ".5", "5."]
    + [True, False, None, ..., [], {}, ["3.5"]],
)
def test_any_other_amount_is_garbled(amount):
    with pytest.raises(GatewayGarbled, match="amount"):
        facts_of(amount=amount)


@pytest.mark.parametrize("amount", [Decimal("0.5"), "100.5", "0.01"])
def test_a_part_of_a_riel_is_garbled(amount):
    with pytest.raises(GatewayGarbled):
        facts_of(amount=amount, currency="KHR")


@pytest.mark.parametrize("currency", ["usd", "840", "EUR", "", " USD", None, ..., 840, [], True])
def test_any_other_currency_is_garbled(currency):
    with pytest.raises(GatewayGarbled, match="currency"):
        facts_of(currency=currency)


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        (1772125349467, 467),
        (Decimal("1772125349467.0"), 467),
        (Decimal("1772125349467.2"), 467),
        (Decimal("1.772125349467E+12"), 467),
        ("1772125349467", 467),
        ("1772125349467.0", 467),
    ],
)
def test_a_time_is_milliseconds_in_any_writing(written, milliseconds):
    paid_at = facts_of(createdDateMs=written).paid_at
    assert paid_at == datetime(2026, 2, 26, 17, 2, 29, milliseconds * 1000, UTC)


@pytest.mark.parametrize(
    "written",
    [
        0,
        -1,
        1772125349,
        1772125349467000,
        10**13,
        Decimal("1e400"),
        "",
        "today",
        True,
        None,
        ...,
        [],
    ],
)
def test_any_other_time_is_garbled(written):
    with pytest.raises(GatewayGarbled, match="createdDateMs"):
        facts_of(createdDateMs=written)


def test_a_confirmation_time_that_cannot_be_read_is_left_out():
    assert facts_of(acknowledgedDateMs="soon").confirmed_at is None


@pytest.mark.parametrize("name", ["hash", "toAccountId"])
@pytest.mark.parametrize(
    "value", ["", "  ", None, ..., 0, 7, True, [], {}, "x" * 129, "a\x00b", "a\nb", "\ud800"]
)
def test_a_transfer_without_its_hash_or_receiver_is_garbled(name, value):
    with pytest.raises(GatewayGarbled, match=name):
        facts_of(**{name: value})


def test_a_hash_has_one_spelling():
    assert facts_of(hash=HASH.upper()).reference == HASH


@pytest.mark.parametrize("value", [7, True, [], {"a": 1}, "x" * 129, "REFUNDED\x00", ["REFUNDED"]])
def test_a_tracking_word_that_cannot_be_read_is_not_passed_over(value):
    with pytest.raises(GatewayGarbled, match="trackingStatus"):
        facts_of(trackingStatus=value)


@pytest.mark.parametrize("word", ["FAILED_AT_ACH", "REFUNDED_BY_RECEIVER"])
def test_a_tracking_word_is_handed_on(word):
    assert facts_of(trackingStatus=word).tracking == word


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, ""),
        (..., ""),
        (12345, "12345"),
        (True, ""),
        ([], ""),
        ("FT\x00\x1b1", "FT1"),
        ("y" * 500, "y" * 128),
        ("<b>ស្រី</b>", "<b>ស្រី</b>"),
    ],
)
def test_what_is_for_people_only_is_kept_as_far_as_it_can_be_read(value, kept):
    facts = facts_of(externalRef=value, fromAccountId=value)
    assert (facts.bank_reference, facts.payer) == (kept, kept)
