import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "Dockerfile").read_text()
LINES = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.M)).splitlines()
SERVED = LINES[max(number for number, line in enumerate(LINES) if line.startswith("FROM")) :]


def said(word):
    return [line.removeprefix(word).strip() for line in SERVED if line.startswith(f"{word} ")]


def lint(path):
    command = [sys.executable.replace("python", "hadolint")]
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or command[0]
    done = subprocess.run([hadolint, str(path)], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout


def test_the_linter_has_nothing_to_say():
    assert lint(ROOT / "Dockerfile") == (0, "")


def test_the_linter_would_say_something(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd /app && pip install flask\n")
    status, told = lint(tmp_path / "Dockerfile")
    assert status == 1 and {"DL3006", "DL3013"} <= set(re.findall(r"DL\d+", told))


def test_it_runs_as_nobody_special_and_is_looked_at():
    assert said("USER") == ["10001:10001"]
    assert "/healthz" in said("HEALTHCHECK")[0]
    assert said("CMD")[0].startswith('["gunicorn", ')
    bases = [line.split()[1] for line in LINES if line.startswith("FROM")]
    assert {re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base) is None for base in bases} == {False}


def test_it_is_installed_from_the_lock_and_holds_no_secret():
    assert "--require-hashes" in TEXT and "requirements-dev" not in TEXT
    assert re.findall(r"SECRET|VAULT|PASSWORD|TOKEN|DATABASE_URL", TEXT) == []


def test_what_it_copies_is_what_is_let_in():
    copied = {line.split()[0] for line in said("COPY") if "--from" not in line}
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in let_in if line[:1] == "!"} == copied | {"requirements.lock"}
    assert let_in[1] == "*"


@pytest.fixture
def image(tmp_path):
    """The folder of the app as the image has it."""
    for line in said("COPY"):
        if "--from" not in line:
            source, target = ROOT / line.split()[0], tmp_path / line.split()[1]
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                os.symlink(source, target)
            else:
                shutil.copy(source, target)
    return tmp_path


def test_what_it_copies_is_enough_to_serve(image):
    secrets = {"POS_SECRET_KEY": token_urlsafe(48), "POS_VAULT_KEY": Fernet.generate_key().decode()}
    environ = {**secrets, "POS_INSTANCE": str(image), "PATH": os.environ["PATH"]}
    check = [sys.executable, "-m", "gunicorn", "--check-config"]
    check += ["--config", "deploy/gunicorn.conf.py", "wsgi:app"]
    done = subprocess.run(check, cwd=image, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
