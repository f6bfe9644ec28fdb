from datetime import timedelta

import pytest

from pos.khqr import errors, is_intact, is_payable, verify
from tests.khqr.samples import coffee, sealed
from tests.khqr.strategies import NOW

LANGUAGE = "0002km0103abc"
TIMES = "001317953272000000113" + "1795327500000"


def reason(qr: str) -> type[errors.KhqrError]:
    with pytest.raises(errors.KhqrError) as caught:
        verify(qr, now=NOW)
    return caught.type


def test_a_fresh_code_is_payable_until_its_last_millisecond() -> None:
    last = NOW + timedelta(minutes=5)
    assert is_payable(coffee(), now=NOW)
    assert is_payable(coffee(), now=last)
    assert not is_payable(coffee(), now=last + timedelta(milliseconds=1))


def test_an_expired_code_is_intact_all_the_same() -> None:
    with pytest.raises(errors.KhqrExpired):
        verify(coffee(), now=NOW + timedelta(hours=1))
    assert is_intact(coffee())


def test_a_static_code_never_expires() -> None:
    assert is_payable(sealed(), now=NOW + timedelta(days=36_500))


def test_a_till_whose_clock_is_behind_may_be_paid() -> None:
    assert is_payable(coffee(), now=NOW - timedelta(hours=1))


def test_a_checksum_in_lower_case_counts() -> None:
    assert is_payable(coffee()[:-4] + coffee()[-4:].lower(), now=NOW)


@pytest.mark.parametrize("ending", ["\n", " ", "\r\n", "\x00", "0"])
def test_nothing_may_follow_the_checksum(ending: str) -> None:
    assert not is_intact(coffee() + ending)
    assert not is_payable(coffee() + ending, now=NOW)


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        ("", errors.CrcMissing),
        ("6300", errors.CrcMissing),
        ("630312A", errors.CrcLength),
        ("63040000", errors.KhqrInvalid),
        ("6304zzzz", errors.KhqrInvalid),
        ("6304១២៣៤", errors.KhqrInvalid),
    ],
)
def test_a_wrong_checksum_is_told_apart(tail: str, error: type[errors.KhqrError]) -> None:
    assert reason(sealed()[:-8] + tail) is error


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ("t52", errors.CategoryMissing),
        ("t53", errors.CurrencyMissing),
        ("t58", errors.CountryMissing),
        ("t59", errors.NameMissing),
        ("t60", errors.CityMissing),
    ],
)
def test_a_mandatory_tag_may_be_neither_absent_nor_empty(
    tag: str, error: type[errors.KhqrError]
) -> None:
    assert reason(sealed(**{tag: None})) is error
    assert reason(sealed(**{tag: ""})) is error


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        ({"t00": "02"}, errors.PayloadFormatInvalid),
        ({"t00": "001"}, errors.PayloadFormatLength),
        ({"t01": "13"}, errors.PointOfInitiationInvalid),
        ({"t01": "112"}, errors.PointOfInitiationLength),
        ({"t29": "0103abc"}, errors.AccountMissing),
        ({"t29": "0003abc"}, errors.AccountInvalid),
        ({"t29": "0003a@b0133" + "1" * 33}, errors.AccountInformationLength),
        ({"t29": "0003a@b0200"}, errors.AcquiringBankMissing),
        ({"t29": "0003a@b0233" + "B" * 33}, errors.AcquiringBankLength),
        ({"t29": None, "t30": "0003a@b0133" + "1" * 33}, errors.MerchantIdLength),
        ({"t52": "58122"}, errors.CategoryLength),
        ({"t52": "58A2"}, errors.CategoryInvalid),
        ({"t53": "0116"}, errors.CurrencyLength),
        ({"t53": "978"}, errors.CurrencyUnsupported),
        ({"t58": "KHMR"}, errors.CountryLength),
        ({"t59": "n" * 26}, errors.NameLength),
        ({"t60": "c" * 16}, errors.CityLength),
        ({"t62": "0100"}, errors.BillNumberLength),
        ({"t62": "0226" + "8" * 26}, errors.MobileNumberLength),
        ({"t62": "0326" + "s" * 26}, errors.StoreLabelLength),
        ({"t62": "0700"}, errors.TerminalLabelLength),
        ({"t62": "0826" + "p" * 26}, errors.PurposeLength),
        ({"t64": "0002km"}, errors.NameInLanguageMissing),
        ({"t64": "0103abc"}, errors.LanguageMissing),
        ({"t64": "00000103abc"}, errors.LanguageMissing),
        ({"t64": "0003khm0103abc"}, errors.LanguageLength),
        ({"t64": "0002km0126" + "n" * 26}, errors.NameInLanguageLength),
        ({"t64": LANGUAGE + "0200"}, errors.CityInLanguageLength),
        ({"t64": LANGUAGE + "0216" + "c" * 16}, errors.CityInLanguageLength),
    ],
)
def test_each_field_is_judged_by_its_own_rule(
    tags: dict[str, str | None], error: type[errors.KhqrError]
) -> None:
    assert reason(sealed(**tags)) is error


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        ({"t01": "12"}, errors.AmountMissing),
        ({"t01": "12", "t54": "5"}, errors.ExpiryMissing),
        ({"t54": "5"}, errors.ExpiryMissing),
        ({"t54": "5", "t99": TIMES[:17]}, errors.ExpiryMissing),
        ({"t54": "0", "t99": TIMES}, errors.AmountInvalid),
        ({"t54": "5.5", "t99": TIMES}, errors.AmountInvalid),
        ({"t54": "5", "t99": "01101795327500"}, errors.ExpiryLength),
        ({"t54": "5", "t99": TIMES.replace("0013179", "0013180")}, errors.ExpiryBeforeCreation),
        ({"t01": None, "t54": "5", "t99": "01131795327199999"}, errors.KhqrExpired),
        ({"t99": "01131795327199999"}, errors.KhqrExpired),
    ],
)
def test_a_payment_needs_an_amount_and_a_time_that_is_not_over(
    tags: dict[str, str | None], error: type[errors.KhqrError]
) -> None:
    assert reason(sealed(**tags)) is error


def test_an_expiry_before_the_format_tag_is_still_looked_at() -> None:
    assert is_payable(sealed(t54="5", t99=TIMES), now=NOW)
    late = NOW + timedelta(minutes=6)
    assert not is_payable(sealed(t01=None, t54="5", t99=TIMES), now=late)


@pytest.mark.parametrize("language", ["0203Kep", "0001k0103abc"])
def test_a_language_template_we_would_not_write_is_no_reason_to_refuse(language: str) -> None:
    assert is_payable(sealed(t64=language), now=NOW)


def test_unionpay_with_dollars_and_another_country_are_odd_but_payable() -> None:
    assert is_payable(sealed(t15="1" * 31, t53="840", t58="US"), now=NOW)
