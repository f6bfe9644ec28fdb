import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from pos.paths import HOME

ROOT = HOME / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
FRAGMENTS = [path for path in TEMPLATES if path.name.startswith("_")]

VOID = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect"}
ADDRESSES = {"action", "formaction", "href", "src", "poster", "data"}
ASKING = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}
VALUE = "JINJA"


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


class Tags(HTMLParser):
    """Reads the tags of a template, whatever its conditions say: (depth, tag, attributes)."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.depth = 0
        self.seen: list[tuple[int, str, dict[str, str]]] = []
        source = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", source, flags=re.S)
        self.feed(re.sub(r"\{\{.*?\}\}", VALUE, source, flags=re.S))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((self.depth, tag, {key: value or "" for key, value in attrs}))
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((self.depth, tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def _attributes(path: Path) -> Iterator[tuple[str, str, str]]:
    for _depth, tag, attributes in Tags(path.read_text()).seen:
        for key, value in attributes.items():
            yield tag, key, value


def test_there_are_fragments_to_look_at() -> None:
    assert {path.name for path in FRAGMENTS} >= {"_payment.html", "_screen.html"}


@pytest.mark.parametrize("path", FRAGMENTS, ids=_name)
def test_a_fragment_has_one_root_named_as_its_file(path: Path) -> None:
    tags = Tags(path.read_text())
    roots = [attributes for depth, _tag, attributes in tags.seen if depth == 0]
    assert [root.get("id") for root in roots] == [path.stem.removeprefix("_")]
    assert tags.depth == 0


@pytest.mark.parametrize("path", FRAGMENTS, ids=_name)
def test_a_fragment_says_what_it_is_given_who_serves_and_who_swaps_it(path: Path) -> None:
    opening = re.match(r"\{#-?(.*?)-?#\}", path.read_text(), re.S)
    assert opening is not None
    folder, stem = path.parent.name, path.stem.removeprefix("_")
    assert all(word in opening[1] for word in ("Given:", f"Served by {folder}.{stem}", "Swapped"))


@pytest.mark.parametrize("path", FRAGMENTS, ids=_name)
def test_a_polled_fragment_names_its_own_target(path: Path) -> None:
    _depth, _tag, root = Tags(path.read_text()).seen[0]
    assert root["hx-target"] == "this"
    assert root["hx-swap"] == "outerHTML"


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_style_or_script_stands_in_a_page(path: Path) -> None:
    for tag, key, value in _attributes(path):
        assert key != "style" and not key.startswith(("on", "hx-on")), f"{tag} {key}"
        assert "javascript:" not in value and "js:" not in value
    tags = [(tag, attributes) for _depth, tag, attributes in Tags(path.read_text()).seen]
    assert all(tag != "style" for tag, _ in tags)
    assert all("src" in attributes for tag, attributes in tags if tag == "script")


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_address_is_written_by_hand(path: Path) -> None:
    written = {
        (tag, key, value)
        for tag, key, value in _attributes(path)
        if key in ADDRESSES | ASKING and not value.startswith(VALUE)
    }
    assert written == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_import_is_used(path: Path) -> None:
    source = path.read_text()
    body = re.sub(r"\{%-? (from|import) .*?%\}|\{#.*?#\}", "", source, flags=re.S)
    names = re.findall(r"\{%-? import \S+ as (\w+)", source)
    for listed in re.findall(r"\{%-? from \S+ import (.*?) -?%\}", source):
        names += [name.split(" as ")[-1].strip() for name in listed.split(",")]
    assert [name for name in names if not re.search(rf"\b{name}\b", body)] == []


def test_every_name_imported_from_a_template_is_there() -> None:
    env = Environment(loader=FileSystemLoader(ROOT), autoescape=True)
    filters = ("again", "money", "clock", "clock_seconds", "day", "rows", "payment_rows")
    env.filters.update(dict.fromkeys(filters, str))
    env.globals["sentence"] = str
    for path in TEMPLATES:
        for source, listed in re.findall(
            r"\{%-? from \"(\S+)\" import (.*?) -?%\}", path.read_text()
        ):
            module = env.get_template(source).make_module({})
            for name in listed.split(","):
                assert hasattr(module, name.split(" as ")[0].strip()), f"{path}: {name}"


def test_the_till_speaks_through_one_status_only() -> None:
    sources = [path.read_text() for path in (ROOT / "till").glob("*.html")]
    sources += [path.read_text() for path in (ROOT / "components").glob("*.html")]
    sources.append((ROOT / "base.html").read_text())
    assert sum(text.count('role="status"') for text in sources) == 1
    assert not any("<output" in text for text in sources)


def test_every_phrase_for_a_customer_has_khmer_before_english(app) -> None:
    pages = "".join(path.read_text() for path in (ROOT / "display").glob("*.html"))
    said = set(re.findall(r"say\(\"(.*?)\"\)", pages))
    assert len(said) > 10
    for english in said:
        page = app.jinja_env.get_template("components/words.html").module.say(english)
        khmer, beside = re.findall(r"<span class=\"words-\w+\" lang=\"\w+\">(.*?)</span>", page)
        assert re.search(r"[\u1780-\u17ff]", khmer), english
        assert beside == english


OWN_NAMES = {"C", "CSV", "Excel", "KHQR", "KHQR POS", "No", "PDF", "Practice, no real money"}
"""Names, and the customer's English beside the Khmer."""

ON_PAPER = ("paper/sheet.html", "shifts/parts.html", "shifts/refunds.html", "shifts/report.html")
"""Drawn as it is printed, in the words of the paper."""


def unmarked(path: Path) -> list[str]:
    """What a template says in plain English, as text or in an attribute that is read."""
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "|", path.read_text(), flags=re.S)
    texts = re.findall(r">([^<]*)", f">{re.sub('<(noscript|script).*?</>', '', source)}")
    texts += re.findall(r"(?:aria-label|title|alt|placeholder|data-label)=\"([^\"]*)\"", source)
    parts = (part.strip(" .,:;()\n-") for text in texts for part in text.split("|"))
    return [part for part in parts if re.search("[A-Za-z]{2}", part) and part not in OWN_NAMES]


def unmarked_values(path: Path) -> list[str]:
    """Sentences in an expression of a template that no function of the catalogue is given."""
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    inside = " ".join(re.findall(r"\{[{%](.*?)[}%]\}", source, re.S))
    found = re.findall(r"(\w*\(?)\"([A-Z][a-z]+(?: [^\"]*)?)\"", inside)
    return [
        text for before, text in found if before not in ("_(", "say(", "sentence(", "in_khmer(")
    ]


SPEAKING = [path for path in TEMPLATES if not _name(path).startswith(("sandbox/", *ON_PAPER))]


@pytest.mark.parametrize("path", SPEAKING, ids=_name)
def test_every_sentence_of_a_page_is_marked_for_the_catalogue(path: Path) -> None:
    assert unmarked(path) + unmarked_values(path) == []
