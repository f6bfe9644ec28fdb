from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import GatewayRejected
from pos.gateways.bakong.qr import differences, issue, label
from pos.gateways.base import Account
from pos.khqr import KhqrError, decode, is_payable, md5_of, units
from pos.money import Currency, Money
from tests.gateways.bakong.practice import as_merchant
from tests.gateways.requests import NOW, khr, qr_request, usd

ACCOUNT = Account(gateway="bakong", base_url="https://bank.example", account_id="shop@aclb")


def test_an_individual_account_has_tag_29():
    says = decode(issue(qr_request(), ACCOUNT).qr_string)
    assert says.merchant_type == "29" and says.bakong_account_id == "shop@aclb"
    assert says.merchant_id is None and says.acquiring_bank is None


def test_a_merchant_account_has_tag_30():
    says = decode(issue(qr_request(), as_merchant(ACCOUNT)).qr_string)
    assert (says.merchant_type, says.bakong_account_id) == ("30", "shop@aclb")
    assert (says.merchant_id, says.acquiring_bank) == ("M-1024", "ACLEDA Bank Plc.")


def test_the_qr_says_what_the_sale_says():
    qr = issue(qr_request(), ACCOUNT)
    says = decode(qr.qr_string)
    assert says.amount == usd("3.50") and says.bill_number == "T1122-000001"
    assert (says.store_label, says.terminal_label) == ("Riverside", "Till 1")
    assert (says.merchant_name, says.merchant_city) == ("Angkor Coffee", "Siem Reap")
    assert (says.created_at, says.expires_at) == (NOW, NOW + timedelta(minutes=5))
    assert says.point_of_initiation_method == "12"


def test_it_is_asked_about_by_the_md5_of_its_exact_text():
    qr = issue(qr_request(), ACCOUNT)
    assert (qr.lookup, qr.receiver) == (md5_of(qr.qr_string), "shop@aclb")


def test_it_is_payable_until_its_end_and_no_longer():
    qr = issue(qr_request(), ACCOUNT).qr_string
    assert is_payable(qr, now=NOW + timedelta(minutes=5))
    assert not is_payable(qr, now=NOW + timedelta(minutes=5, milliseconds=1))


@given(st.sampled_from(Currency), st.integers(1, 10**9))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_every_amount_is_written_as_it_is(currency, minor):
    amount = Money(minor, currency)
    assert decode(issue(qr_request(amount=amount), ACCOUNT).qr_string).amount == amount


def test_a_thousand_qrs_made_in_one_millisecond_have_a_thousand_md5s():
    numbers = (f"T1122-{number:06}" for number in range(1000))
    assert len({issue(qr_request(number), ACCOUNT).lookup for number in numbers}) == 1000


def test_ten_minutes_are_allowed_and_no_second_more():
    issue(qr_request(expires_at=NOW + timedelta(seconds=600)), ACCOUNT)
    with pytest.raises(GatewayRejected, match="ten minutes"):
        issue(qr_request(expires_at=NOW + timedelta(seconds=601)), ACCOUNT)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Money(0, Currency.USD)},
        {"amount": Money(-350, Currency.USD)},
        {"merchant_name": ""},
        {"merchant_name": "x" * 26},
        {"tran_id": "x" * 26},
        {"expires_at": NOW - timedelta(seconds=1)},
    ],
)
def test_what_cannot_be_written_is_refused(changes):
    with pytest.raises(KhqrError):
        issue(qr_request(**changes), ACCOUNT)


@pytest.mark.parametrize("tran_id", ["", " "])
def test_a_qr_without_its_number_is_never_shown(tran_id):
    with pytest.raises(GatewayRejected, match="bill number"):
        issue(qr_request(tran_id), ACCOUNT)


@pytest.mark.parametrize("account_id", ["", "shop", "a b@c", "x" * 33 + "@b"])
def test_an_account_that_is_none_is_refused(account_id):
    with pytest.raises(KhqrError):
        issue(qr_request(), replace(ACCOUNT, account_id=account_id))


def test_a_merchant_without_its_acquiring_bank_is_refused():
    with pytest.raises(KhqrError):
        issue(qr_request(), replace(ACCOUNT, merchant_id="M-1024"))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"amount": usd("3.51")}, ["amount"]),
        ({"amount": khr("350")}, ["amount"]),
        ({"tran_id": "T1122-000002"}, ["bill number"]),
        ({"merchant_name": "Another Shop"}, ["merchant name"]),
        ({"expires_at": NOW + timedelta(minutes=6)}, ["expiry"]),
    ],
)
def test_a_qr_that_says_something_else_is_noticed(changes, named):
    qr = issue(qr_request(), ACCOUNT).qr_string
    assert differences(qr, qr_request(), ACCOUNT) == []
    assert differences(qr, qr_request(**changes), ACCOUNT) == named


def test_a_qr_that_pays_somebody_else_is_noticed():
    theirs = issue(qr_request(), replace(ACCOUNT, account_id="thief@aclb")).qr_string
    assert differences(theirs, qr_request(), ACCOUNT) == ["account"]
    assert differences(theirs, qr_request(), as_merchant(ACCOUNT)) == ["account", "merchant id"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Riverside", "Riverside"),
        ("  Riverside ", "Riverside"),
        ("", ""),
        ("x" * 25, "x" * 25),
        ("x" * 26, "x" * 25),
        ("x" * 24 + " and more", "x" * 24),
        ("x" * 24 + "😀", "x" * 24),
        ("x" * 23 + "😀y", "x" * 23 + "😀"),
        ("x" * 24 + "e\u0301", "x" * 24),
        ("x" * 23 + "ស\u17d2រី", "x" * 23),
        ("x" * 24 + "ស\u17d2រី", "x" * 24),
        ("x" * 22 + "👩\u200d🍳", "x" * 22),
    ],
)
def test_a_label_is_cut_between_letters_that_people_see(typed, written):
    assert label(typed) == written


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_label_always_fits_and_begins_what_was_typed(typed):
    assert units(label(typed)) <= 25 and typed.strip().startswith(label(typed))


def test_the_longest_labels_leave_the_bill_number_whole():
    request = qr_request("T" * 20, store_label="ស" * 40, till_label="y" * 40)
    says = decode(issue(request, ACCOUNT).qr_string)
    assert (says.bill_number, says.store_label, says.terminal_label) == (
        "T" * 20,
        "ស" * 25,
        "y" * 25,
    )


def test_labels_that_are_empty_are_left_out():
    says = decode(issue(qr_request(store_label=" ", till_label=""), ACCOUNT).qr_string)
    assert (says.store_label, says.terminal_label) == (None, None)
