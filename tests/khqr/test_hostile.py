import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.khqr import KhqrError, decode, decode_tlv, errors, is_intact, is_payable
from pos.khqr.tlv import MOST_BYTES, field, seal
from tests.khqr.samples import sealed
from tests.khqr.strategies import NOW, PROPERTY, SHOWABLE

PIECES = st.one_of(
    st.text(max_size=6),
    st.text(SHOWABLE, max_size=6),
    st.sampled_from(
        ["000201", "010212", "29", "30", "62", "64", "99", "6304", "5303840", "\ud83d"]
    ),
    st.builds("{:02d}{:02d}".format, st.integers(0, 99), st.integers(0, 99)),
    st.builds(
        field, st.sampled_from(["29", "54", "59", "62", "99"]), st.text(SHOWABLE, max_size=20)
    ),
)
HOSTILE = st.lists(PIECES, max_size=12).map("".join)


@PROPERTY
@given(HOSTILE | st.text(st.characters()))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for read in (decode, decode_tlv):
        try:
            read(text)
        except KhqrError:
            assert not is_intact(text) or read is decode_tlv


@PROPERTY
@given(HOSTILE)
def test_any_text_after_a_good_head_is_judged_without_a_fault(text: str) -> None:
    head = "000201010212" + field("29", "0013sok_dara@aclb")
    try:
        qr = seal(head + text)
    except UnicodeEncodeError:
        qr = head + text
    assert is_payable(qr, now=NOW) in (True, False)


@pytest.mark.parametrize("text", ["6204abcd", "620201", "62031A0", "9906PAYWAY", "6201", "62"])
def test_what_makes_other_readers_loop_for_ever_is_refused(text: str) -> None:
    with pytest.raises(errors.Malformed):
        decode(seal(sealed()[:-8] + text))


def test_more_than_8_kilobytes_are_refused_unread() -> None:
    fields = field("03", "x" * 99) * 78
    assert len(sealed()[:-8] + fields) < MOST_BYTES
    assert is_intact(seal(sealed()[:-8] + fields))
    with pytest.raises(errors.TooLarge):
        decode(seal(sealed()[:-8] + fields + fields))


def test_size_is_counted_in_bytes() -> None:
    with pytest.raises(errors.TooLarge):
        decode("ក" * 2800)


@pytest.mark.parametrize("text", ["0" * 8192, "9900" * 2048, "62996" * 1600, "6204" * 2048])
def test_the_longest_nonsense_takes_no_time(text: str) -> None:
    began = time.process_time()
    with pytest.raises(KhqrError):
        decode(text)
    assert time.process_time() - began < 0.5


def test_a_huge_text_is_refused_before_it_is_read() -> None:
    began = time.process_time()
    assert not is_intact("0" * 50_000_000)
    assert time.process_time() - began < 0.5
