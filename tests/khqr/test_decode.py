import pytest

from pos.clock import from_epoch_ms
from pos.khqr import AccountKind, decode, errors
from pos.khqr.tlv import seal
from pos.money import Currency, Money
from tests.khqr.samples import coffee, sealed
from tests.khqr.strategies import NOW, NOW_MS


def test_reads_money_and_times_of_a_dynamic_code() -> None:
    decoded = decode(coffee())
    assert decoded.amount == Money(450, Currency.USD)
    assert (decoded.created_at, decoded.expires_at) == (NOW, from_epoch_ms(NOW_MS + 300_000))
    assert decoded.is_dynamic


def test_a_static_code_has_neither_amount_nor_expiry() -> None:
    decoded = decode(sealed())
    assert (decoded.amount, decoded.created_at, decoded.expires_at) == (None, None, None)
    assert not decoded.is_dynamic
    assert decoded.currency is Currency.KHR


def test_an_amount_makes_a_code_dynamic_even_if_it_says_static() -> None:
    assert decode(sealed(t54="100")).is_dynamic


def test_riel_with_a_fraction_of_zeros_are_read_as_old_codes_write_them() -> None:
    assert decode(sealed(t54="5000.0")).amount == Money(5000, Currency.KHR)


@pytest.mark.parametrize(
    "text", ["", "0", "abc", "1e3", "-5", "1.234", "5000.5", "០៥", "0" * 13 + "1"]
)
def test_what_is_no_amount_is_given_as_text_but_never_as_money(text: str) -> None:
    decoded = decode(sealed(t54=text))
    assert decoded.transaction_amount == text
    with pytest.raises(errors.AmountInvalid):
        _ = decoded.amount


def test_an_amount_in_another_currency_is_never_money() -> None:
    with pytest.raises(errors.CurrencyUnsupported):
        _ = decode(sealed(t53="764", t54="100")).amount


def test_a_creation_time_in_a_banks_own_way_is_no_time() -> None:
    decoded = decode(sealed(t99="001339CA026411FDA6803mmp"))
    assert (decoded.creation_timestamp, decoded.created_at) == ("39CA026411FDA", None)


def test_an_expiry_that_is_no_time_is_not_taken_for_none() -> None:
    with pytest.raises(errors.ExpiryLength):
        _ = decode(sealed(t99="01101790000300")).expires_at


def test_unknown_tags_and_subtags_are_skipped_even_twice() -> None:
    qr = seal(sealed(t62="0102A10502120502130902AM", t61="12000")[:-8] + "6102KH")
    assert decode(qr).bill_number == "A1"


def test_a_merchant_and_an_individual_keep_subtag_01_apart() -> None:
    tags = "0005a@b.c0103M-10208Dev Bank"
    merchant = decode(sealed(t29=None, t30=tags))
    assert (merchant.merchant_type, merchant.merchant_id) == (AccountKind.MERCHANT, "M-1")
    assert merchant.account_information is None
    assert decode(sealed(t29=tags)).account_information == "M-1"


def test_a_code_that_lost_its_checksum_is_still_read() -> None:
    decoded = decode(sealed()[:-8])
    assert (decoded.merchant_name, decoded.crc) == ("Angkor Coffee", None)


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        ({"t29": None}, errors.MerchantTypeMissing),
        ({"t30": "0013sok_dara@evil"}, errors.DuplicateTag),
        ({"t00": None}, errors.PayloadFormatMissing),
        ({"t62": "0102A10102B2"}, errors.DuplicateTag),
        ({"t29": "0003a@b0003c@d"}, errors.DuplicateTag),
        ({"t62": "abcd"}, errors.NotTlv),
        ({"t62": "01"}, errors.NotTlv),
        ({"t62": "0110A"}, errors.TruncatedTlv),
        ({"t99": "PAYWAY"}, errors.NotTlv),
        ({"t62": "0១02A1"}, errors.NotTlv),
        ({"t59": "A\nB"}, errors.ControlCharacter),
    ],
)
def test_refuses_a_broken_frame(tags: dict[str, str | None], error: type[Exception]) -> None:
    with pytest.raises(error):
        decode(sealed(**tags))


@pytest.mark.parametrize("tag", ["5303840", "29170013attacker@evil", "5910Other Shop", "5401"])
def test_a_tag_appended_to_a_sealed_code_is_refused(tag: str) -> None:
    body = sealed(t54="5")[:-8]
    with pytest.raises((errors.DuplicateTag, errors.TruncatedTlv)):
        decode(seal(body + tag))


def test_the_format_must_come_first_and_the_checksum_last() -> None:
    with pytest.raises(errors.TagOutOfOrder):
        decode(seal("5802KH" + sealed()[:-8]))
    with pytest.raises(errors.TagOutOfOrder):
        decode(sealed() + "5802KH")
    with pytest.raises(errors.TagOutOfOrder):
        decode(seal(sealed()))


def test_a_length_that_cuts_an_emoji_in_two_is_refused() -> None:
    qr = sealed(t59="Cafe 😀")
    assert decode(qr).merchant_name == "Cafe 😀"
    with pytest.raises(errors.NotTlv):
        decode(qr[:-8].replace("5907Cafe 😀60", "5906Cafe 😀60"))
    with pytest.raises(errors.NotTlv):
        decode(sealed(t62="0104INV😀"))
