import re
from pathlib import Path

import pytest

from pos.paths import HOME
from pos.web import files

CSS = HOME / "static" / "css"
LAYERS = "@layer tokens, base, components, screens, print;"

ALONE = CSS / "screens" / "sandbox.css"
"""The practice bank's phone: another look on purpose, with tokens of its own."""

SHEETS = sorted(path for path in CSS.rglob("*.css") if path != ALONE)

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\("
    r"|(?<![\w-])(?:white|black|red|green|blue|gr[ae]y|orange|yellow|purple|silver)(?=[ ;,)])",
    re.I,
)

READ_ON = [
    # The words of a result, read from two metres.
    ("on-paid", "paid", 7.1),
    ("on-unknown", "unknown", 10.1),
    ("on-problem", "problem", 8.3),
    # The card's red is prescribed; its white head is 24 px and more.
    ("on-khqr-red", "khqr-red", 4.5),
    ("khqr-ink", "khqr-card", 21.0),
    # Text, and grey text no lighter than #4B5563 on white.
    ("ink", "paper", 12.0),
    ("ink", "panel", 12.0),
    ("ink-soft", "panel", 7.5),
    ("ink-soft", "paper", 6.5),
    ("ink-soft", "panel-sunk", 6.5),
    ("ink-soft", "line", 4.5),
    ("on-go", "go", 7.0),
    ("go", "go-tint", 4.5),
    ("go", "panel", 4.5),
    ("on-brand", "brand", 7.0),
    ("on-brand-soft", "brand", 4.5),
    ("on-brand-soft", "brand-raised", 4.5),
    ("problem", "problem-tint", 4.5),
    ("problem", "panel", 4.5),
    ("ink", "problem-tint", 7.0),
    ("waiting", "waiting-tint", 4.5),
    ("waiting", "panel", 4.5),
    ("ink", "waiting-tint", 7.0),
    ("on-practice", "practice", 7.0),
    ("on-practice", "panel", 7.0),
    ("on-currency", "usd", 7.0),
    ("on-currency", "khr", 7.0),
    # What is no text but must be seen: edges of inputs and keys, the focus.
    ("line-strong", "panel", 3.0),
    ("focus", "paper", 3.0),
]


def _name(path: Path) -> str:
    return str(path.relative_to(CSS))


def _read(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)


def _tokens() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", _read(CSS / "tokens.css")))


def _luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of contrast ratio."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_only_the_tokens_name_a_colour(path: Path) -> None:
    found = [match[0] for match in COLOUR.finditer(_read(path))]
    assert bool(found) == (path.name == "tokens.css"), found


@pytest.mark.parametrize(("ink", "ground", "least"), READ_ON)
def test_words_can_be_read_on_their_ground(ink: str, ground: str, least: float) -> None:
    tokens = _tokens()
    assert _contrast(tokens[ink], tokens[ground]) >= least


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_a_sheet_fills_the_layer_of_its_folder_and_no_other(path: Path) -> None:
    folder = path.parent.name if path.parent != CSS else path.stem
    css = re.sub(r"@layer [^{;]+;", "", _read(path)).strip()
    assert re.match(rf"@layer {folder}\s*\{{", css)
    depth, ends = 0, []
    for at, letter in enumerate(css):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "}" and depth == 0:
            ends.append(at)
    assert ends == [len(css) - 1]


def test_the_first_sheet_of_a_page_puts_the_layers_in_order() -> None:
    assert _read(CSS / "tokens.css").strip().startswith(LAYERS)
    base = (HOME / "templates" / "base.html").read_text()
    listed = re.findall(r'rel="stylesheet" href="\{\{ asset\("(.*?)"', base)
    assert (listed[0], files.HOUSE[:2]) == ("joined/house.css", ("tokens", "base"))


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_every_token_that_is_used_is_there(path: Path) -> None:
    css = _read(path)
    own = set(re.findall(r"--([\w-]+)\s*:", css))
    assert set(re.findall(r"var\(--([\w-]+)", css)) <= own | set(_tokens())


def test_every_token_is_used() -> None:
    used = "".join(_read(path) for path in SHEETS)
    assert [name for name in _tokens() if not re.search(rf"var\(--{name}[),]", used)] == []


def test_no_class_is_styled_that_no_page_has() -> None:
    pages = (HOME / "templates").rglob("*.html")
    words = set(re.findall(r"[\w-]+", " ".join(page.read_text() for page in pages)))
    styled = {
        name
        for path in SHEETS
        for selector in re.findall(r"([^{};]+)\{", _read(path))
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }
    # The classes of the pictures that `counter/qr.py` and `office/charts.py` of `pos/web` draw.
    assert styled - words <= {"qr", "axis", "background", "color-0", "color-1", "guides"}


def test_each_file_a_sheet_points_at_is_there() -> None:
    for path in CSS.rglob("*.css"):
        for address in re.findall(r"url\(\"?([^\")]+)\"?\)", _read(path)):
            assert (path.parent / address).resolve().is_file(), f"{path.name}: {address}"
