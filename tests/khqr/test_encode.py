from dataclasses import replace
from datetime import timedelta

import pytest

from pos.clock import from_epoch_ms, shop_time
from pos.khqr import AccountKind, Payload, decode, encode, errors, md5_of
from tests.khqr.samples import COFFEE, coffee
from tests.khqr.strategies import NOW, NOW_MS

WORKED_AT = from_epoch_ms(1_790_000_000_000)
WORKED = (
    "00020101021229170013sok_dara@aclb52045999530384054044.505802KH5913Angkor Coffee"
    "6010Phnom Penh62210108INV-00420705POS-19934001317900000000000113179000030000063046304"
)
REQUIRED = {"kind", "account_id", "merchant_name"}


def test_writes_the_worked_example_of_the_standard() -> None:
    qr = encode(replace(COFFEE, expires_at_ms=1_790_000_300_000), now=WORKED_AT)
    assert qr == WORKED[:-4] + "DFEC"
    assert md5_of(qr) == "7563638c7dfa974461d44368cb129bfa"


def test_a_code_without_amount_has_no_times_and_ignores_the_expiry() -> None:
    assert coffee(amount=None) == coffee(amount="0.00", expires_at_ms=1)
    assert decode(coffee(amount=None)).creation_timestamp is None


def test_city_category_and_currency_have_the_official_defaults() -> None:
    decoded = decode(coffee(currency=None, amount=None))
    assert (decoded.merchant_city, decoded.merchant_category_code) == ("Phnom Penh", "5999")
    assert decoded.transaction_currency == "116"


def test_a_kind_read_from_a_database_as_plain_text_writes_a_merchant() -> None:
    qr = coffee(kind="30", merchant_id="M-1", acquiring_bank="Dev Bank")
    assert decode(qr).merchant_id == "M-1"


def test_a_merchant_code_has_no_account_information() -> None:
    qr = coffee(
        kind=AccountKind.MERCHANT,
        merchant_id="M-1",
        acquiring_bank="Dev Bank",
        account_information="012345678",
    )
    assert "012345678" not in qr


def test_the_time_of_creation_is_the_instant_given_whatever_its_zone() -> None:
    assert encode(COFFEE, now=shop_time(NOW)) == coffee()
    assert decode(coffee()).created_at == NOW


def test_two_milliseconds_give_two_keys() -> None:
    later = encode(COFFEE, now=NOW + timedelta(milliseconds=1))
    assert md5_of(later) != md5_of(coffee())


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(COFFEE, now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "amount", ["1,000", "abc", "5.", ".5", " 5", "1e3", "៥", "-1", "+1", "NaN"]
)
@pytest.mark.parametrize("currency", ["116", "840"])
def test_an_amount_that_is_no_plain_number_is_never_written(amount: str, currency: str) -> None:
    with pytest.raises(errors.AmountInvalid):
        coffee(amount=amount, currency=currency)


@pytest.mark.parametrize(
    ("currency", "amount", "written"),
    [
        ("840", "3", "3"),
        ("840", "3.5", "3.50"),
        ("840", "1.0", "1.00"),
        ("840", "007", "7"),
        ("840", "9999999999.99", "9999999999.99"),
        ("116", "15000", "15000"),
        ("116", "15000.00", "15000"),
        ("116", "9999999999999", "9999999999999"),
    ],
)
def test_an_amount_is_written_in_the_official_form(
    currency: str, amount: str, written: str
) -> None:
    assert decode(coffee(currency=currency, amount=amount)).transaction_amount == written


@pytest.mark.parametrize(
    ("currency", "amount"),
    [
        ("840", "10000000000.00"),
        ("840", "1.005"),
        ("116", "100.5"),
        ("116", "10000000000000"),
        ("116", "9" * 9000),
    ],
)
def test_an_amount_too_fine_or_too_large_is_refused(currency: str, amount: str) -> None:
    with pytest.raises(errors.AmountInvalid):
        coffee(currency=currency, amount=amount)


@pytest.mark.parametrize(
    ("expiry", "code"),
    [
        (None, 45),
        (0, 45),
        ("", 45),
        (True, 45),
        ("1795327500000", 45),
        (1_795_327_500, 49),
        (-179_532_750_000, 49),
        (1_795_327_500_000.5, 49),
        (float("nan"), 49),
        (NOW_MS - 1, 50),
    ],
)
def test_an_expiry_that_is_no_later_millisecond_is_refused(expiry: object, code: int) -> None:
    with pytest.raises(errors.by_code(code)):
        coffee(expires_at_ms=expiry)


def test_a_code_may_expire_in_the_millisecond_it_is_made() -> None:
    assert decode(coffee(expires_at_ms=NOW_MS)).expires_at == NOW


def test_a_template_of_99_is_written_and_one_of_100_refused() -> None:
    labels = {"bill_number": "b" * 25, "mobile_number": "8" * 25, "store_label": "s" * 25}
    assert "6299" in coffee(**labels, terminal_label="t" * 8)
    with pytest.raises(errors.TemplateTooLong):
        coffee(**labels, terminal_label="t" * 9)


def test_official_errors_are_told_before_a_template_that_is_too_long() -> None:
    labels = dict.fromkeys(("bill_number", "mobile_number", "store_label", "purpose"), "x" * 25)
    with pytest.raises(errors.ExpiryMissing):
        coffee(**labels, expires_at_ms=None)


@pytest.mark.parametrize("spoilt", ["A\nB", "A\x00", "\x7fA", "\x85A", "A\ud83d"])
@pytest.mark.parametrize("where", ["merchant_name", "bill_number", "merchant_city"])
def test_text_that_no_phone_can_show_is_refused(where: str, spoilt: str) -> None:
    with pytest.raises(errors.ControlCharacter):
        coffee(**{where: spoilt})


@pytest.mark.parametrize("account", ["@", "@aclb", "sok@", "a@b@c", "a b@aclb", "a@a\u00a0b"])
def test_an_account_needs_one_at_sign_with_text_on_both_sides(account: str) -> None:
    with pytest.raises(errors.AccountInvalid):
        coffee(account_id=account)


def test_optional_text_that_is_blank_is_left_out() -> None:
    names = Payload.__dataclass_fields__.keys() - REQUIRED
    blank = dict.fromkeys(names, "  ")
    bare = Payload(**{name: getattr(COFFEE, name) for name in REQUIRED})
    assert coffee(**{**blank, "amount": None}) == encode(bare, now=NOW)


@pytest.mark.parametrize("language", ["k", "k1", "ខម", " k"])
def test_a_language_is_written_with_exactly_two_letters(language: str) -> None:
    with pytest.raises(errors.LanguageLength):
        coffee(language=language, name_in_language="ចន")


def test_a_city_in_another_language_is_not_written_alone() -> None:
    with pytest.raises(errors.LanguageMissing):
        coffee(city_in_language="ភ្នំពេញ")


def test_an_emoji_counts_as_two_characters() -> None:
    assert "5914Caf" in coffee(merchant_name="Cafe 😀 Angkor")
    with pytest.raises(errors.NameLength):
        coffee(merchant_name="😀" * 13)
