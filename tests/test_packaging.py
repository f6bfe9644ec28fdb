import importlib.metadata
import itertools
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux"), ("darwin", "Darwin"))
MACHINES = ("x86_64", "aarch64", "arm64")

SERVE = """
import re, pos
client = pos.create_app().test_client()
page = client.get("/login")
sheets = re.findall(r'href="([^"]+[.]css[^"]*)"', page.text)
answers = [client.get(sheet) for sheet in sheets]
print(pos.__file__)
print(page.status_code, page.mimetype)
print({(answer.status_code, answer.mimetype, bool(answer.data)) for answer in answers})
khmer = client.get("/login", headers={"Accept-Language": "km"})
print('<html lang="km">' in khmer.text, "ពាក្យសម្ងាត់" in khmer.text)
"""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    run(sys.executable, *build, str(ROOT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A Python that has the wheel, and the locked packages of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    python = str(folder / "bin" / "python")
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    Path(purelib, "locked.pth").write_text(sysconfig.get_path("purelib"))
    pip = ("-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    run(sys.executable, *pip, str(wheel))
    return python


@pytest.fixture
def elsewhere(tmp_path):
    """How to run there: in an empty folder, with settings that a shop would have."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    keys = {
        "POS_SECRET_KEY": "0123456789abcdef" * 3,
        "POS_VAULT_KEY": Fernet.generate_key().decode(),
    }
    return {"cwd": tmp_path, "env": {**environ, **keys, "POS_INSTANCE": str(tmp_path)}}


def read_pins(lock):
    """The packages of a lock: name to (version, number of hashes)."""
    text = (ROOT / lock).read_text()
    blocks = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n((?:    --hash=sha256:\w{64}.*\n)+)", text, re.M)
    assert len(blocks) == text.count("==")
    return {name: (version, hashes.count("--hash")) for name, version, hashes in blocks}


def test_the_wheel_holds_the_package_and_its_files_and_nothing_beside_it(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"pos", f"{wheel.name.split('-py3')[0]}.dist-info"}
    for folder in ("templates", "static", "migrations/versions", "translations/km"):
        assert [name for name in names if name.startswith(f"pos/{folder}/")]
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_an_installed_wheel_makes_the_database_and_serves_pages_with_their_style(
    installed, elsewhere
):
    run(installed, "-m", "flask", "--app", "pos", "db", "upgrade", **elsewhere)
    where, page, sheets, khmer = run(installed, "-c", SERVE, **elsewhere).splitlines()
    assert Path(where).is_relative_to(Path(installed).parents[1])
    assert page == "200 text/html"
    assert sheets == "{(200, 'text/css', True)}"
    assert khmer == "True True"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_machine(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.M)
    assert set(re.findall(r"-[cr] (\S+)", text)) <= {"requirements.lock"}


def test_the_development_lock_holds_the_whole_runtime_lock():
    assert read_pins(LOCKS[0]).items() <= read_pins(LOCKS[1]).items()


@pytest.mark.parametrize(("lock", "extras"), [(LOCKS[0], []), (LOCKS[1], ["dev"])])
def test_a_lock_pins_all_that_the_project_asks_for(lock, extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = read_pins(lock)
    wanted = [*project["dependencies"]]
    wanted += itertools.chain(*(project["optional-dependencies"][extra] for extra in extras))
    for requirement in map(Requirement, wanted):
        version, _hashes = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_complete_on_every_python_and_system_that_is_supported(lock):
    pins = read_pins(lock)
    for name, environment in itertools.product(pins, environments()):
        for text in importlib.metadata.requires(name) or []:
            needed = Requirement(text)
            applies = needed.marker is None or needed.marker.evaluate(environment)
            assert not applies or canonicalize_name(needed.name) in pins, f"{name} needs {text}"


def environments():
    for python, (platform, system), machine in itertools.product(PYTHONS, SYSTEMS, MACHINES):
        yield {
            "python_version": python,
            "python_full_version": f"{python}.1",
            "sys_platform": platform,
            "platform_system": system,
            "platform_machine": machine,
            "extra": "",
        }
