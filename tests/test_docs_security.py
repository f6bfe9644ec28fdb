import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()

ROW = re.compile(r"^\| (T\d+) \|(.*)\|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
THREATS = {name: TEST.findall(row) for name, row in ROW.findall(PAGE)}

ITEMS = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.10 1.3.6 1.5.2 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4
2.3.5 2.4.1 3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.6 3.5.1 3.5.3 3.7.2 4.1.1
4.1.3 4.2.1 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.3.8 6.4.1 7.2.1
7.2.4 7.3.1 7.3.2 7.4.1 7.4.3 7.4.4 7.4.5 7.5.1 8.2.1 8.2.3 8.3.1 8.4.1 9.1.1 9.1.3 9.2.1 9.2.4
11.4.1 11.4.2 11.5.1 12.3.2 13.2.4 13.2.5 13.3.1 13.4.2 14.2.1 14.2.2 14.3.1 14.3.2 14.3.3 15.3.1
15.3.2 15.3.3 15.3.4 15.3.5 15.3.7 15.4.1 15.4.3 16.2.1 16.2.5 16.3.1 16.3.4 16.4.1 16.5.1 16.5.2
16.5.3 16.5.4
""".split()
"""Those of the standard that apply to a shop; a range stands by its first and last."""


def named_in(path):
    module = ast.parse((ROOT / path).read_text())
    return {one.name for one in module.body if isinstance(one, ast.FunctionDef)}


def test_every_threat_has_its_line_and_a_test():
    assert list(THREATS) == [f"T{number}" for number in range(1, 37)]
    assert [name for name, tests in THREATS.items() if not tests] == []


@pytest.mark.parametrize("path", sorted({path for path, _name in TEST.findall(PAGE)}))
def test_every_test_that_the_page_names_exists(path):
    named = {name for where, name in TEST.findall(PAGE) if where == path}
    assert named - named_in(path) == set()


def test_every_item_of_the_standard_has_its_line():
    listed = [line.split("|")[1] for line in PAGE.splitlines() if re.match(r"\| \d+\.\d", line)]
    assert set(ITEMS) == set(re.findall(r"\d+\.\d+\.\d+", " ".join(listed)))
