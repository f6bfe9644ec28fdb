from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.clock import epoch_ms
from pos.khqr import Decoded, Payload, decode, decode_tlv, encode, is_intact, verify
from pos.khqr.tlv import field
from tests.khqr.samples import coffee, sealed
from tests.khqr.strategies import NOW, PROPERTY, payloads

SAMPLES = [coffee(), coffee(merchant_name="ហាងកាហ្វេ 😀 Café"), coffee(amount=None)]


def fields_of(payload: Payload) -> dict[str, str | None]:
    is_dynamic = payload.amount is not None
    return {
        "merchant_type": payload.kind,
        "bakong_account_id": payload.account_id,
        "account_information": payload.account_information,
        "merchant_id": payload.merchant_id,
        "acquiring_bank": payload.acquiring_bank,
        "bill_number": payload.bill_number,
        "mobile_number": payload.mobile_number,
        "store_label": payload.store_label,
        "terminal_label": payload.terminal_label,
        "purpose_of_transaction": payload.purpose,
        "language_preference": payload.language,
        "merchant_name_alternate_language": payload.name_in_language,
        "merchant_city_alternate_language": payload.city_in_language,
        "creation_timestamp": str(epoch_ms(NOW)) if is_dynamic else None,
        "expiration_timestamp": str(payload.expires_at_ms) if is_dynamic else None,
        "payload_format_indicator": "01",
        "point_of_initiation_method": "12" if is_dynamic else "11",
        "union_pay_merchant": payload.unionpay_account,
        "merchant_category_code": payload.category_code or "5999",
        "transaction_currency": payload.currency,
        "transaction_amount": payload.amount,
        "country_code": "KH",
        "merchant_name": payload.merchant_name,
        "merchant_city": payload.merchant_city or "Phnom Penh",
    }


def without_crc(decoded: Decoded) -> Decoded:
    return replace(decoded, crc=None)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a code, and the same with one character changed within 16 bits of its UTF-8."""
    qr = encode(draw(payloads()), now=NOW)
    at = draw(st.integers(0, len(qr) - 1))
    old = ord(qr[at])
    if old < 0x80:
        new = draw(st.integers(0, 0x7F))
    elif old < 0x800:
        new = draw(st.integers(0x80, 0x7FF))
    else:
        new = (old & ~0xFFF) | draw(st.integers(0x800 if old < 0x1000 else 0, 0xFFF))
    return qr, qr[:at] + chr(new) + qr[at + 1 :]


@PROPERTY
@given(payloads())
def test_what_was_written_is_payable_and_read_back(payload: Payload) -> None:
    qr = encode(payload, now=NOW)
    verify(qr, now=NOW)
    decoded = asdict(decode(qr))
    assert len(decoded.pop("crc")) == 4
    assert decoded == fields_of(payload)


@settings(PROPERTY, max_examples=100)
@given(payloads())
def test_the_generic_tree_holds_the_text_once_and_whole(payload: Payload) -> None:
    qr = encode(payload, now=NOW)
    assert "".join(field(node.tag, node.value) for node in decode_tlv(qr)) == qr


@PROPERTY
@given(damaged())
def test_one_flipped_character_is_caught_or_changes_no_field(pair: tuple[str, str]) -> None:
    qr, flipped = pair
    if is_intact(flipped):
        assert without_crc(decode(flipped)) == without_crc(decode(qr))
        assert flipped[:-4] == qr[:-4]


@pytest.mark.parametrize("qr", SAMPLES)
def test_no_flip_to_any_ascii_character_gets_past_the_checksum(qr: str) -> None:
    for at in (at for at in range(len(qr)) if qr[at].isascii()):
        for new in map(chr, range(0x80)):
            flipped = qr[:at] + new + qr[at + 1 :]
            is_same = flipped == qr or (at >= len(qr) - 4 and flipped.upper() == qr.upper())
            assert is_intact(flipped) == is_same, (at, new)


@pytest.mark.parametrize("qr", SAMPLES)
def test_two_swapped_neighbours_are_caught(qr: str) -> None:
    for at in range(len(qr) - 1):
        one, two = qr[at], qr[at + 1]
        if one != two and one.isascii() and two.isascii():
            assert not is_intact(qr[:at] + two + one + qr[at + 2 :])


@pytest.mark.parametrize("qr", SAMPLES)
def test_a_code_cut_anywhere_is_not_intact(qr: str) -> None:
    assert not any(is_intact(qr[:at]) for at in range(len(qr)))
    assert not any(is_intact(qr[at:]) for at in range(1, len(qr)))


def test_a_letter_for_one_of_another_width_may_slip_past_the_checksum() -> None:
    # One byte became three: more than 16 bits changed, and 1 of 65536 such changes fits the CRC.
    # So the checksum finds damage from a camera; it is no proof of who wrote the name.
    forged = sealed().replace("Angkor", "Ang\u17f6or")
    assert is_intact(forged)
    assert decode(forged).merchant_name == "Ang\u17f6or Coffee"
