import ast
import re
from pathlib import Path

import pytest

from docs import words
from pos import errors
from pos.cash import Cash
from pos.words import Words, _

ROOT = Path(__file__).parents[1]
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|%")
KHMER = re.compile(r"[\u1780-\u17ff]")

SAYING = [
    *(ROOT / "pos" / "cash.py", ROOT / "pos" / "money.py"),
    *sorted(
        path
        for room in ("reports", "services", "web")
        for path in (ROOT / "pos" / room).glob("*.py")
    ),
]
COMMANDS = {"account_settings.py", "accounts.py", "callback_keeping.py", "shops.py"}
"""What only an operator meets at a command line, or a bank's program: in English."""

REFUSALS = {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.Refused)
}


def sentences():
    return {message.id: message for message in words.read() if message.id}


def unmarked(source):
    """Sentences given to a refusal or a flash as plain text, which no catalogue would have."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS | {"flash"}
        and any(isinstance(one, ast.Constant | ast.JoinedStr) for one in node.args)
    ]


def test_the_catalogue_has_what_the_sources_say_and_nothing_else():
    said = {message.id for message in words.extract() if message.id}
    assert sentences().keys() == said


def test_every_sentence_has_khmer_that_a_person_has_looked_at():
    catalogue = words.read()
    assert not catalogue.obsolete
    for english, message in sentences().items():
        assert message.string and not message.fuzzy, english
        assert KHMER.search(message.string) or not re.search(r"[a-z]{2}", english), english


def test_a_sentence_has_the_same_values_in_both_languages():
    for english, message in sentences().items():
        ours, theirs = (sorted(PLACEHOLDER.findall(text)) for text in (english, message.string))
        assert ours == theirs, english
        assert message.string % {name: "5" for name in ours if name}, english


def test_amounts_keep_western_figures_in_khmer():
    assert not [one for one in sentences().values() if re.search(r"[\u17e0-\u17e9]", one.string)]


def test_make_words_changes_nothing_in_a_catalogue_that_is_up_to_date(tmp_path):
    copy = tmp_path / "messages.po"
    copy.write_bytes(words.CATALOGUE.read_bytes())
    assert words.update(copy) == []
    assert copy.read_bytes() == words.CATALOGUE.read_bytes()


def test_make_words_lists_a_sentence_without_khmer_and_drops_one_that_nobody_says(tmp_path):
    copy, catalogue = tmp_path / "messages.po", words.read()
    catalogue["Log in"].string = ""
    catalogue.add("Nobody says this", "គ្មាន")
    words.write(catalogue, copy)
    assert words.update(copy) == ["Log in"]
    assert words.read(copy).get("Nobody says this") is None


@pytest.mark.parametrize("path", SAYING, ids=lambda path: path.name)
def test_what_refuses_or_tells_is_marked_for_the_catalogue(path):
    if path.name not in COMMANDS:
        assert unmarked(path.read_text()) == []


def test_an_unmarked_sentence_is_found():
    assert len(unmarked("raise BadInput('No.')\nflash(f'{n} of it')\nflash(_('Yes.'))")) == 2


def test_words_are_plain_english_until_somebody_translates_them():
    inner = _("%(count)s times", count=3)
    outer = _("Asked %(times)s, 5 %% off", times=inner)
    assert outer == "Asked 3 times, 5 % off"
    assert isinstance(outer, Words) and outer.values["times"] is inner
    assert str(Cash(300, 2000)) == "$3 and ៛2,000"
