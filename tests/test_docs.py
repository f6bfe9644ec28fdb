import re
import subprocess
from pathlib import Path

import pytest

from docs import settings
from pos import cli
from pos.gateways import registered
from pos.launch.commands import web_server
from pos.launch.place import Address
from pos.sandbox.switches import SWITCHES
from pos.states import Remark

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("docs/**/*.md")),
]
ALL = "\n".join(page.read_text() for page in PAGES)
ROUTES = ROOT / "tests" / "data" / "routes.txt"

LINK = re.compile(r"\]\(([^)#\s]+)")
"""A file or an address that a page points to."""
PATH = re.compile(r"`((?:pos|tests|docs|templates|static|migrations)/[\w./-]*)")
"""A file of ours that a page names, such as `pos/money.py` or `tests/services/`."""
VARIABLE = re.compile(r"\b(?:POS|SANDBOX|KHQR)_[A-Z][A-Z_]+\b")
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w")
INDEX = re.compile(r"https?://[^\s\"')]*(?:pypi|/simple\b)")
ADR_PARTS = ["## Context", "## Decision", "## What it costs"]


def tracked() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def make_words() -> list[str]:
    return re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_table_of_settings_is_the_one_of_the_code():
    assert settings.BEGIN + settings.table() + settings.END in README.read_text()
    assert all(f"`{name}`" in README.read_text() for name in settings.secret_files())


def test_every_variable_that_the_code_knows_is_explained():
    sources = [*ROOT.glob("pos/**/*.py"), *ROOT.glob("tests/*/*.py"), ROOT / "Makefile"]
    known = {name for path in sources for name in VARIABLE.findall(path.read_text())}
    examples = {"POS_X", "POS_NAME"}
    assert known - examples <= set(VARIABLE.findall(ALL))


@pytest.mark.parametrize("word", make_words())
def test_every_word_of_make_is_explained(word):
    assert f"`make {word}`" in README.read_text()


@pytest.mark.parametrize("command", sorted(cli.bp.cli.commands))
def test_every_command_is_explained(command):
    assert f"`flask {command}" in README.read_text()


@pytest.mark.parametrize("gateway", registered())
def test_every_gateway_is_named(gateway):
    assert gateway in README.read_text().lower()


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_of_the_practice_bank_is_explained(name):
    rows = [row.split(" | ") for row in (ROOT / "docs/sandbox.md").read_text().splitlines()]
    assert [row[2] for row in rows if row[0] == f"| `{name}`"] == [f"{SWITCHES[name].does} |"]


def test_every_control_of_the_practice_bank_is_explained():
    page = (ROOT / "docs" / "sandbox.md").read_text()
    for route in ROUTES.read_text().splitlines():
        if route.startswith("/sandbox/") and "<" not in route:
            path, method, _endpoint = route.split()
            assert f"`{method} {path}`" in page


def test_every_remark_stands_in_the_rules_of_late_money():
    page = (ROOT / "docs" / "adr" / "008-late-money.md").read_text()
    assert all(f"`{remark}`" in page for remark in Remark)


def test_the_map_names_what_is_there_and_nothing_that_is_gone():
    map_of_files = README.read_text().split("## The map")[1].split("```")[1]
    named = {line.split()[0] for line in map_of_files.splitlines() if line}
    assert [name for name in named if not (ROOT / name).exists()] == []
    rooms = {f"pos/{path.name}{'/' * path.is_dir()}" for path in (ROOT / "pos").iterdir()}
    assert rooms - {"pos/__init__.py", "pos/__pycache__/"} <= named


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_points_to_is_there(page):
    links = {link for link in LINK.findall(page.read_text()) if "://" not in link}
    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [path for path in PATH.findall(page.read_text()) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/adr/*.md")), ids=name_of)
def test_a_decision_says_why_what_and_at_what_price(page):
    text = page.read_text()
    assert re.match(rf"# {page.name[:3]}\. \S", text)
    assert re.findall(r"^## .*$", text, re.M) == ADR_PARTS


def test_decisions_are_numbered_without_gaps():
    numbers = [int(page.name[:3]) for page in sorted(ROOT.glob("docs/adr/*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_file_names_this_machine_or_a_package_index():
    for path in tracked():
        text = text_of(path)
        assert str(ROOT) not in text, path
        assert MACHINE.search(text) is None, path
        assert INDEX.search(text) is None, path


def test_what_names_a_machine_or_an_index_is_found():
    home, address = "/home" + "/dara/shop", "https://files.example/" + "simple"
    assert MACHINE.search(f"see {home}") and INDEX.search(f"--index-url={address}")
    assert MACHINE.search("docs/work/in-hand") is None


def test_an_operator_serves_the_shop_as_make_run_does():
    guide = " ".join((ROOT / "docs" / "operator.md").read_text().split())
    address = Address("127.0.0.1", 5000, "POS_PORT")
    options = [part for part in web_server(address) if part.startswith("--")]
    assert [part for part in options if part.replace("=", " ") not in guide] == []
