import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "pos").rglob("*.py"))
FILES = [*PACKAGE, ROOT / "wsgi.py", *sorted((ROOT / "tests").rglob("*.py"))]

LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_TEST = 20
LONGEST_PAGE = 100

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(source: str) -> Iterator[Definition]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS))


def too_long(source: str) -> list[str]:
    """Functions with more lines than they may have; decorators and docstring count."""
    return [
        f"{one.name}: {length} lines"
        for one in functions(source)
        if (length := (one.end_lineno or 0) - one.lineno + 1) > limit_of(one.name)
    ]


def limit_of(name: str) -> int:
    return LONGEST_TEST if name.startswith("test_") else LONGEST_FUNCTION


def undocumented(source: str) -> list[str]:
    """Public things of a module without a docstring: itself, its classes, functions, methods."""
    module = ast.parse(source)
    found = [] if ast.get_docstring(module) else ["the module"]
    return found + [one.name for one in public_things(module) if not ast.get_docstring(one)]


def public_things(scope: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    for one in scope.body:
        if isinstance(one, (*FUNCTIONS, ast.ClassDef)) and not one.name.startswith("_"):
            yield one
            if isinstance(one, ast.ClassDef):
                yield from public_things(one)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_stay_small(path):
    source = path.read_text()
    assert source.count("\n") <= LONGEST_FILE
    assert too_long(source) == []


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_every_public_thing_says_what_it_gives(path):
    assert undocumented(path.read_text()) == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=name_of)
def test_a_template_fits_a_page(path):
    assert path.read_text().count("\n") <= LONGEST_PAGE


def test_what_is_too_long_or_silent_is_found():
    source = "def long():\n" + "    pass\n" * 40 + "class Silent:\n    def method(self): ...\n"
    assert too_long(source) == ["long: 41 lines"]
    assert undocumented(source) == ["the module", "long", "Silent", "method"]
    assert too_long("def test_it():\n" + "    pass\n" * 20) == ["test_it: 21 lines"]
