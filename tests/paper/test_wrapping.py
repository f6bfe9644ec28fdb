from hypothesis import given
from hypothesis import strategies as st

from pos.paper import wrapping

KHMER = st.text("កខគស្ត្រីមុំញេះ៊៛ ", min_size=0, max_size=60)


def test_words_go_on_as_long_as_the_line_holds():
    assert wrapping.wrap("one two three four", 9, len) == ("one two", "three", "four")


def test_nothing_is_one_empty_line():
    assert wrapping.wrap("  ", 9, len) == ("",)


def test_a_long_word_is_cut_between_two_clusters_only():
    pieces = wrapping.wrap("ស្ត្រីស្ត្រីស្ត្រី", 7, len)
    assert pieces == ("ស្ត្រី", "ស្ត្រី", "ស្ត្រី")


@given(KHMER, st.integers(1, 30))
def test_no_letter_is_lost_whatever_the_width(text, limit):
    lines = wrapping.wrap(text, limit, len)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(KHMER)
def test_runs_of_one_script_make_up_the_whole_text(text):
    found = wrapping.runs(text)
    assert "".join(found) == text
    assert all(wrapping.is_khmer(one) or "៛" not in one or one.strip(" ៛") == "" for one in found)


def test_the_riel_sign_goes_with_its_figures():
    assert wrapping.runs("សរុប ៛15,000 KHR") == ["សរុប", " ៛15,000 KHR"]
