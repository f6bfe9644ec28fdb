import pytest

from pos.khqr import decode_tlv, errors, units
from pos.khqr.tlv import crc16, field, seal, template, walk


def test_the_checksum_is_ccitt_false_in_four_upper_case_digits() -> None:
    assert crc16("123456789") == "29B1"
    assert crc16("") == "FFFF"


def test_a_small_checksum_keeps_its_leading_zeros() -> None:
    sums = [crc16(str(number)) for number in range(20_000)]
    assert {len(text) for text in sums} == {4}
    assert any(text.startswith("00") for text in sums)


def test_the_seal_covers_its_own_tag_and_length() -> None:
    assert seal("000201") == "0002016304" + crc16("0002016304")


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("abc", 3), ("ខ្មែរ", 5), ("é", 1), ("😀", 2), ("\ud83d", 1)]
)
def test_length_counts_utf16_units(text: str, length: int) -> None:
    assert units(text) == length


def test_a_template_of_nothing_is_not_written() -> None:
    assert template("62", [("01", None), ("02", None)]) == ""
    assert template("62", [("01", "A"), ("02", None)]) == "62050101A"


def test_a_value_over_99_has_no_length() -> None:
    assert field("15", "x" * 99).startswith("1599x")
    with pytest.raises(errors.TemplateTooLong, match="tag 15 has 100"):
        field("15", "x" * 100)


def test_the_walk_keeps_order_and_doubles_for_the_reader_to_judge() -> None:
    assert walk("0101A0101B0000") == [("01", "A"), ("01", "B"), ("00", "")]


def test_the_walk_counts_as_the_writer_does() -> None:
    pairs = [("59", "ហាង 😀 Café"), ("60", "🇰🇭")]
    assert walk("".join(field(*pair) for pair in pairs)) == pairs


def test_the_tree_of_a_foreign_code_shows_its_templates() -> None:
    code = "000201" + field("26", "0004PAYX") + field("27", "free text") + field("62", "0101A")
    assert [
        (node.tag, [(sub.tag, sub.value) for sub in node.children]) for node in decode_tlv(code)
    ] == [
        ("00", []),
        ("26", [("00", "PAYX")]),
        ("27", []),
        ("62", [("01", "A")]),
    ]


def test_the_tree_goes_three_levels_deep_below_62_only() -> None:
    inner = field("50", field("00", "GUID"))
    deep = decode_tlv(field("62", inner))[0].children[0].children
    assert [(leaf.tag, leaf.value) for leaf in deep] == [("00", "GUID")]
    assert decode_tlv(field("80", inner))[0].children[0].children == ()


def test_the_outermost_level_must_be_tlv() -> None:
    with pytest.raises(errors.NotTlv):
        decode_tlv("https://example.com/")
