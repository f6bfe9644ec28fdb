import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FAULTS = [*(f"P{number}" for number in range(1, 21)), *(f"B{number}" for number in range(1, 23))]
NOT_HERE = "Not tested here: "


def rows(page):
    """The cells of each fault's row, by its number."""
    lines = [line.strip("|\n").split("|") for line in page.splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines]
    return {line[0]: line[1:] for line in cells if re.fullmatch(r"[PB]\d+", line[0])}


def missing(page):
    """What a page with the table of faults lacks: a row, a proof or a reason, a test that is."""
    table = rows(page)
    found = [fault for fault in FAULTS if fault not in table]
    for fault, (_when, seen, proof) in table.items():
        tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)
        if not seen or not (tests or seen.startswith(NOT_HERE)):
            found.append(fault)
        found += [f"{fault}: {name}" for path, name in tests if not is_there(path, name)]
    return found


def is_there(path, name):
    return (ROOT / path).is_file() and f"def {name}(" in (ROOT / path).read_text()


def test_every_fault_is_told_with_its_proof_or_with_why_there_is_none():
    assert missing((ROOT / "docs" / "operations.md").read_text()) == []


@pytest.mark.parametrize("proof", ["", "`tests/test_faults.py::test_that_nobody_wrote`"])
def test_a_fault_without_a_proof_that_is_there_is_found(proof):
    page = "\n".join(f"| {fault} | when | what | {proof} |" for fault in FAULTS)
    assert len(missing(page)) == len(FAULTS)
    assert missing("") == FAULTS
