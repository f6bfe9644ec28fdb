import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from docs import supply

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
KNOWN_BAD_BEFORE = {
    "flask": "3.1.3",  # CVE-2026-27205
    "pyjwt": "2.13.0",  # CVE-2026-48523, CVE-2024-53861
}


def pins(lock):
    text = (ROOT / lock).read_text()
    return {
        name: Version(version) for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_is_locked_at_a_version_known_to_be_bad(lock):
    locked = pins(lock)
    assert [name for name, good in KNOWN_BAD_BEFORE.items() if locked[name] < Version(good)] == []


def test_a_package_asks_for_no_version_known_to_be_bad():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    floors = {name: re.findall(r">=([\d.]+)", str(asked[name]))[0] for name in KNOWN_BAD_BEFORE}
    assert {
        name for name in floors if Version(floors[name]) < Version(KNOWN_BAD_BEFORE[name])
    } == set()


def told(*parts):
    return json.dumps({"dependencies": [{"name": "one", "version": "1", **part} for part in parts]})


def test_what_could_not_be_asked_is_never_called_clean():
    skipped = {"skip_reason": "Dependency not found"}
    assert supply.judge(told({"vulns": []}))[0] == supply.CLEAN
    assert supply.judge(told({"vulns": []}, skipped))[0] == supply.NOT_ASKED
    assert supply.judge(told())[0] == supply.NOT_ASKED


def test_a_package_known_to_be_bad_is_named_with_the_way_out():
    flaw = {"id": "CVE-2026-1", "fix_versions": ["1.1"]}
    status, lines = supply.judge(told({"vulns": [flaw]}, {"skip_reason": "Dependency not found"}))
    assert (status, lines) == (supply.BAD, ["one 1: CVE-2026-1, better from 1.1"])


def test_the_bill_names_every_package_of_the_lock_and_the_script():
    bom = supply.sbom(is_checked=False)
    named = {part["name"]: part["version"] for part in bom["components"]}
    assert named.pop("htmx.org") in "".join(path.name for path in ROOT.glob("static/vendor/*.js"))
    assert named == {name: str(version) for name, version in pins("requirements.lock").items()}
    assert bom["metadata"]["component"]["name"] == "khqr-pos"
