"""What the program is made of, and whether any of it is known to be bad.

`make sbom` (`python -m docs.supply sbom`) writes dist/khqr-pos-VERSION.cdx.json, in CycloneDX,
from the lock that a shop is installed from. `make audit` (`python -m docs.supply audit`) asks
pip-audit about the same lock: 0 where nothing bad is known of any package, 1 where something is,
2 where that could not be asked of them all.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pos.version import __version__

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
SHEET = ROOT / "dist" / f"khqr-pos-{__version__}.cdx.json"

CLEAN, BAD, NOT_ASKED = 0, 1, 2

_ASK_SECONDS = 300
_VENDORED = re.compile(r"(?P<name>[a-z]+)-(?P<version>[\d.]+)\.min\.js")
_NPM = {"htmx": "htmx.org"}


def sbom(*, is_checked: bool = True) -> dict[str, Any]:
    """Return the bill of materials: the packages of the lock, and the script that we ship.

    Checked, it was held against the schema of CycloneDX, which takes some seconds.
    """
    make = [*_tool("cyclonedx_py"), "requirements", str(LOCK)]
    make += ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
    make += ["--validate" if is_checked else "--no-validate"]
    made = subprocess.run(
        [*make, "--output-reproducible", "--output-format", "JSON"],
        capture_output=True,
        text=True,
        check=True,
        timeout=_ASK_SECONDS,
    )
    bom: dict[str, Any] = json.loads(made.stdout)
    bom["metadata"]["component"]["version"] = __version__
    for part in bom["components"]:
        # The line of the lock once more.
        part.pop("description", None)
    bom["components"] += [_vendored(path) for path in sorted((ROOT / "static/vendor").glob("*.js"))]
    return bom


def _vendored(path: Path) -> dict[str, Any]:
    named = _VENDORED.fullmatch(path.name)
    assert named is not None, f"{path.name} does not tell its version"
    name, version = _NPM.get(named["name"], named["name"]), named["version"]
    purl = f"pkg:npm/{name}@{version}"
    mark = {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
    part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return {**part, "hashes": [mark]}


def judge(told: str) -> tuple[int, list[str]]:
    """Return what pip-audit's answer (JSON) means, and a line for each package that counts.

    pip-audit itself ends with 0 where it could not ask about a single package.
    """
    parts = json.loads(told)["dependencies"]
    bad = [
        f"{one['name']} {one['version']}: {flaw['id']}, better from {_fixed(flaw)}"
        for one in parts
        for flaw in one.get("vulns", ())
    ]
    unasked = [one["name"] for one in parts if "skip_reason" in one]
    if bad:
        return BAD, bad
    if unasked or not parts:
        return NOT_ASKED, [f"of {len(unasked)} of {len(parts)} packages nothing could be learned"]
    return CLEAN, [f"nothing bad is known of {len(parts)} packages"]


def _fixed(flaw: dict[str, Any]) -> str:
    return ", ".join(flaw.get("fix_versions", ())) or "no version yet"


def audit() -> int:
    """Ask about each package of the lock; print what came of it and return the status."""
    ask = [*_tool("pip_audit"), "--disable-pip", "--require-hashes", "--requirement", str(LOCK)]
    told = subprocess.run(
        [*ask, "--format", "json", "--progress-spinner", "off", "--timeout", "10"],
        capture_output=True,
        text=True,
        timeout=_ASK_SECONDS,
    )
    try:
        status, lines = judge(told.stdout)
    except (ValueError, KeyError):
        status, lines = NOT_ASKED, [told.stderr.strip().splitlines()[-1]]
    say("\n".join(lines))
    if status == NOT_ASKED:
        say("NOT AUDITED: this needs the internet. Run it again where there is some.")
    return status


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def _tool(module: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", module]


def main(word: str = "") -> int:
    """Do what the word says, and return the exit status."""
    if word == "audit":
        return audit()
    if word != "sbom":
        say("sbom or audit?")
        return 2
    SHEET.parent.mkdir(exist_ok=True)
    bom = sbom()
    SHEET.write_text(json.dumps(bom, indent=1) + "\n")
    say(f"{SHEET.relative_to(ROOT)}: {len(bom['components'])} parts.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
